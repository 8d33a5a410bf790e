"""What somebody else may have written into the cache, or put in its place, is never believed and never ends a run."""

from __future__ import annotations

import os
import random
import resource
import shutil
import subprocess
import tempfile
import tracemalloc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from exporter.cache.folder import MEGABYTE, Cache, open_cache
from exporter.cache.format import FORMAT, HEADER, TRAILER, frame
from exporter.cache.trust import TAG
from exporter.digests import checksum
from exporter.project import Caching, Project
from exporter.tree import CACHE_FOLDER, Tree
from tests.references.sites import make_site
from tests.running import owltype
from tests.security.test_git import git

NOBODY = 65534
CONTENT = bytes(range(30))

needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root may give files away")


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return Project(tree=Tree(str(tmp_path), str(tmp_path)), cache=Caching())


@pytest.fixture
def kept(project: Project, tmp_path: Path) -> Path:
    """A file of the cache."""
    assert open_cache(project).write("index", [CONTENT])
    return tmp_path / CACHE_FOLDER / "index.cache"


def not_believed(project: Project, said: str) -> None:
    """A file is not believed, which `-v` says, and is made again."""
    cache = open_cache(project)
    assert cache.is_on
    assert cache.read("index") is None
    (note,) = cache.notes
    assert note.verbosity == 1
    assert note.text.endswith(f'index.cache" {said}; it is made again')
    assert cache.write("index", [CONTENT])
    assert bytes(open_cache(project).read("index") or b"") == CONTENT


def not_used(project: Project, said: str) -> None:
    """A folder is not used, in one line."""
    cache = open_cache(project)
    assert not cache.is_on
    assert (cache.read("index"), cache.write("index", [b"x"]), cache.names(), cache.last_use()) == (None, False, [], None)
    (note,) = cache.notes
    assert note.verbosity == 0
    assert note.text.startswith("the cache ")
    assert said in note.text
    assert "\n" not in note.text


REGIONS = {
    "magic": 0,
    "format": 8,
    "version": 12,
    "padding": 43,
    "content": HEADER,
    "last of the content": -TRAILER - 1,
    "length": -TRAILER,
    "checksum": -1,
}


@pytest.mark.parametrize("region", REGIONS)
def test_a_flipped_bit_is_found_in_every_region(region: str, kept: Path, project: Project) -> None:
    data = bytearray(kept.read_bytes())
    data[REGIONS[region]] ^= 1
    kept.write_bytes(data)
    known = {
        "magic": "is not a file of the cache, or is cut short",
        **dict.fromkeys(("format", "version", "padding"), "is of another version of owltype"),
    }
    not_believed(project, known.get(region, "is damaged"))


def test_no_flipped_bit_is_believed(kept: Path, project: Project) -> None:
    data = kept.read_bytes()
    for at in range(len(data)):
        kept.write_bytes(data[:at] + bytes([data[at] ^ 1 << at % 8]) + data[at + 1 :])
        assert open_cache(project).read("index") is None
    kept.write_bytes(data)
    assert open_cache(project).read("index") is not None


def test_no_cut_file_is_believed_whatever_its_length(kept: Path, project: Project) -> None:
    data = kept.read_bytes()
    for length in range(len(data)):
        for cut in (data[:length], data[len(data) - length :], data + data[:length][:1] + b"x"):
            kept.write_bytes(cut)
            assert open_cache(project).read("index") is None


def test_a_file_under_another_name_is_not_believed(kept: Path, project: Project) -> None:
    kept.rename(kept.with_name("other.cache"))
    cache = open_cache(project)
    assert cache.read("index") is None
    assert cache.read("other") is None
    assert [note.text.rpartition('" ')[2] for note in cache.notes] == ["is damaged; it is made again"]


@pytest.mark.usefixtures("kept")
def test_a_file_of_another_version_is_not_believed(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr("exporter.cache.format.build", lambda: "0.0.9")
        open_cache(project).write("index", [CONTENT])
    not_believed(project, "is of another version of owltype")
    with monkeypatch.context() as patch:
        patch.setattr("exporter.cache.format.FORMAT", FORMAT + 1)
        open_cache(project).write("index", [CONTENT])
    not_believed(project, "is of another version of owltype")


def test_a_size_that_is_huge_takes_no_memory(kept: Path, project: Project) -> None:
    """A length that lies, and a file with a hole of that size."""
    data = kept.read_bytes()
    for size in (2**62, 2**63, 2**64 - 1, 10**9):
        kept.write_bytes(data[:-TRAILER] + size.to_bytes(8, "little") + data[-32:])
        assert_refused_in_little_memory(project)
    for size in (10**9, 10**12):
        with kept.open("wb") as file:
            file.truncate(size)
        assert_refused_in_little_memory(project)


def assert_refused_in_little_memory(project: Project) -> None:
    tracemalloc.start()
    assert open_cache(project).read("index") is None
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < MEGABYTE


def link(path: Path) -> None:
    other = path.parent.parent / "elsewhere"
    path.rename(other)
    path.symlink_to(other)


def hang(path: Path) -> None:
    path.unlink()
    path.symlink_to(path)


def pipe(path: Path) -> None:
    path.unlink()
    os.mkfifo(path)


def device(path: Path) -> None:
    path.unlink()
    path.symlink_to("/dev/zero")


def folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def others_write(path: Path) -> None:
    path.chmod(0o622)


def group_writes(path: Path) -> None:
    path.chmod(0o620)


def give_away(path: Path) -> None:
    os.chown(path, NOBODY, NOBODY)


@pytest.mark.parametrize(
    ("put", "said"),
    [
        (link, "can't be read: too many levels of symbolic links"),
        (hang, "can't be read: too many levels of symbolic links"),
        (device, "can't be read: too many levels of symbolic links"),
        (pipe, "is not a file"),
        (others_write, "can be written by other users"),
        (group_writes, "can be written by other users"),
        pytest.param(give_away, "belongs to another user", marks=needs_root),
    ],
)
def test_what_stands_in_place_of_a_file_is_not_believed(put: Callable[[Path], None], said: str, kept: Path, project: Project) -> None:
    put(kept)
    not_believed(project, said)


def test_what_a_link_leads_to_is_not_written(kept: Path, project: Project, tmp_path: Path) -> None:
    victim = tmp_path / "victim"
    victim.write_text("mine")
    kept.unlink()
    kept.symlink_to(victim)
    assert open_cache(project).write("index", [CONTENT])
    assert victim.read_text() == "mine"
    assert not kept.is_symlink()


def test_a_folder_in_place_of_a_file_turns_the_cache_off_when_it_is_written(kept: Path, project: Project) -> None:
    folder(kept)
    cache = open_cache(project)
    assert cache.read("index") is None
    assert not cache.write("index", [CONTENT])
    assert "it is a folder" in cache.notes[-1].text


def linked_folder(folder: Path) -> None:
    folder.rename(folder.with_name("elsewhere"))
    folder.symlink_to("elsewhere")


def file_in_place(folder: Path) -> None:
    shutil.rmtree(folder)
    folder.write_text("")


def pipe_in_place(folder: Path) -> None:
    shutil.rmtree(folder)
    os.mkfifo(folder)


def without_tag(folder: Path) -> None:
    (folder / TAG).unlink()
    (folder / "other.cache").write_text("another program's")


def with_other_tag(folder: Path) -> None:
    (folder / TAG).write_text("Signature: 8a477f597d28d172789f06886806bc55\n# another program's\n")


def linked_tag(folder: Path) -> None:
    (folder / TAG).rename(folder.parent / "tag")
    (folder / TAG).symlink_to("../tag")


@pytest.mark.parametrize(
    ("put", "said"),
    [
        (linked_folder, "is a symbolic link"),
        (file_in_place, "it is not a folder"),
        (pipe_in_place, "it is not a folder"),
        (without_tag, f"it has other files, and not the {TAG} of owltype"),
        (with_other_tag, f"it has other files, and not the {TAG} of owltype"),
        (linked_tag, f"it has other files, and not the {TAG} of owltype"),
        (lambda folder: folder.chmod(0o777), "it can be written by other users"),
        (lambda folder: folder.chmod(0o720), "it can be written by other users"),
        (lambda folder: folder.chmod(0o1777), "it can be written by other users"),
        pytest.param(lambda folder: os.chown(folder, NOBODY, -1), "it belongs to another user", marks=needs_root),
    ],
)
def test_a_folder_that_others_may_have_written_is_not_used(put: Callable[[Path], None], said: str, kept: Path, project: Project) -> None:
    put(kept.parent)
    not_used(project, said)


def test_a_link_around_the_folder_counts_below_the_root_alone(tmp_path: Path) -> None:
    real = tmp_path / "real"
    (real / "build").mkdir(parents=True)
    (tmp_path / "linked").symlink_to(real)
    root = str(tmp_path / "linked")
    project = Project(tree=Tree(root, root), cache=Caching("build/cache"))
    assert open_cache(project).write("index", [b""])
    (real / "build").rename(real / "other")
    (real / "build").symlink_to("other")
    not_used(project, "is a symbolic link")


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    git(tmp_path, "init", "-q")
    (tmp_path / "a.md").write_text("---\ntitle: A\n---\n")
    git(tmp_path, "add", "a.md")
    return tmp_path


def track_and_remove(top: Path) -> None:
    git(top, "add", "-f", f"{CACHE_FOLDER}/index.cache")
    (top / CACHE_FOLDER / "index.cache").unlink()


def cache_info(top: Path, mode: str, path: str) -> None:
    blob = subprocess.run(["git", "rev-parse", ":a.md"], cwd=top, check=True, capture_output=True, text=True).stdout.strip()
    git(top, "update-index", "--add", "--cacheinfo", f"{mode},{blob},{path}")


TRACKED: dict[str, Callable[[Path], None]] = {
    "a file": lambda top: git(top, "add", "-f", f"{CACHE_FOLDER}/index.cache"),
    "its tag alone": lambda top: git(top, "add", "-f", f"{CACHE_FOLDER}/{TAG}"),
    "a file that is gone": track_and_remove,
    "a name in capitals": lambda top: cache_info(top, "100644", f"{CACHE_FOLDER.upper()}/index.cache"),
    "a link": lambda top: cache_info(top, "120000", CACHE_FOLDER),
    "a repository": lambda top: cache_info(top, "160000", CACHE_FOLDER),
    "a file deep in it": lambda top: cache_info(top, "100644", f"{CACHE_FOLDER}/a/b/c"),
    "a name that is long": lambda top: cache_info(top, "100644", f"{CACHE_FOLDER}/{'x' * 200}/" + "/".join(["y" * 200] * 25)),
}


def version_3(top: Path) -> None:
    git(top, "add", "-f", "-N", "b.md")
    git(top, "update-index", "--index-version", "3")
    assert (top / ".git" / "index").read_bytes()[7] == 3


def split_index(top: Path) -> None:
    git(top, "config", "splitIndex.sharedIndexExpire", "never")
    git(top, "update-index", "--split-index")
    assert list((top / ".git").glob("sharedindex.*"))


def broken(top: Path) -> None:
    (top / ".git" / "index").write_bytes((top / ".git" / "index").read_bytes()[:7])


INDEXES: dict[str, Callable[[Path], None]] = {
    "version 2": lambda top: git(top, "update-index", "--index-version", "2"),
    "version 3": version_3,
    "version 4": lambda top: git(top, "update-index", "--index-version", "4"),
    "split": split_index,
    "broken": broken,
}


@pytest.mark.parametrize("index", INDEXES)
@pytest.mark.parametrize("tracked", TRACKED)
@pytest.mark.usefixtures("kept")
def test_a_folder_that_git_tracks_is_not_used(tracked: str, index: str, repository: Path, project: Project) -> None:
    (repository / "b.md").write_text("")
    TRACKED[tracked](repository)
    INDEXES[index](repository)
    not_used(
        project, f"git tracks files in it, or can't tell; remove them from the repository (git rm -r --cached {repository / CACHE_FOLDER})"
    )


@pytest.mark.parametrize("index", sorted(set(INDEXES) - {"broken"}))
@pytest.mark.usefixtures("kept")
def test_a_folder_that_git_does_not_track_is_used(index: str, repository: Path, project: Project) -> None:
    """Other names that hold its name are other names."""
    (repository / "b.md").write_text("")
    for other in (f"{CACHE_FOLDER}.md", f"x{CACHE_FOLDER}/a", f"docs/{CACHE_FOLDER}/a.md", f"{CACHE_FOLDER}s/b"):
        cache_info(repository, "100644", other)
    INDEXES[index](repository)
    assert open_cache(project).read("index") is not None


def test_a_cache_that_a_commit_brings_says_nothing(repository: Path) -> None:
    """The author of a pull request made it with other records, and a forged digest of each would be as easy."""
    make_site(repository)
    command = ("export", "content", "--ontology", "ontology.ttl", "-o", "graph.nt")
    assert owltype(*command, cwd=repository).stderr.count("the cache") == 0
    right = (repository / "graph.nt").read_bytes()
    post = repository / "content/posts/p001.md"
    times = post.stat()
    git(repository, "add", "-f", CACHE_FOLDER)
    post.write_text(post.read_text().replace("Post 1", "Post X"))
    os.utime(post, ns=(times.st_atime_ns, times.st_mtime_ns))
    finished = owltype(*command, cwd=repository)
    (line,) = [line for line in finished.stderr.splitlines() if "cache" in line]
    assert f'the cache "{CACHE_FOLDER}" is not used: git tracks files in it' in line
    assert b"Post X" in (repository / "graph.nt").read_bytes() != right
    assert "taken from the cache" not in owltype(*command, "-v", cwd=repository).stderr


def test_a_repository_with_other_digests_is_asked(tmp_path: Path, project: Project) -> None:
    git(tmp_path, "init", "-q", "--object-format=sha256")
    assert open_cache(project).write("index", [CONTENT])
    assert open_cache(project).is_on
    git(tmp_path, "add", "-f", f"{CACHE_FOLDER}/index.cache")
    not_used(project, "git tracks files in it")


def test_a_work_tree_beside_its_repository_is_asked(repository: Path, tmp_path: Path) -> None:
    git(repository, "commit", "-qm", "one")
    other = tmp_path.parent / f"{tmp_path.name}-other"
    git(repository, "worktree", "add", "-q", str(other))
    project = Project(tree=Tree(str(other), str(other)), cache=Caching())
    assert open_cache(project).write("index", [CONTENT])
    git(other, "add", "-f", f"{CACHE_FOLDER}/index.cache")
    not_used(project, "git tracks files in it")


def test_every_repository_around_the_folder_is_asked(repository: Path) -> None:
    root = repository / "sites" / "one"
    root.mkdir(parents=True)
    git(root, "init", "-q")
    project = Project(tree=Tree(str(root), str(root)), cache=Caching())
    assert open_cache(project).write("index", [CONTENT])
    assert open_cache(project).is_on
    cache_info(repository, "100644", f"sites/one/{CACHE_FOLDER}/index.cache")
    not_used(project, "git tracks files in it")


@pytest.mark.usefixtures("kept")
def test_a_repository_that_variables_name_is_asked(repository: Path, project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    (repository / ".git").rename(repository / "hidden")
    (repository / ".git").write_text("gitdir: hidden\n")
    assert open_cache(project).is_on
    monkeypatch.setenv("GIT_INDEX_FILE", str(repository / "other"))
    assert open_cache(project).is_on
    git_with = ["git", "update-index", "--add", f"{CACHE_FOLDER}/index.cache"]
    subprocess.run(git_with, cwd=repository, check=True)
    not_used(project, "git tracks files in it")


@pytest.mark.usefixtures("kept")
def test_a_repository_that_lies_elsewhere_is_asked(repository: Path, project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    """As people keep their settings: the repository is named by variables alone."""
    (repository / ".git").rename(repository.parent / f"{repository.name}.git")
    assert open_cache(project).is_on
    monkeypatch.setenv("GIT_DIR", str(repository.parent / f"{repository.name}.git"))
    monkeypatch.setenv("GIT_WORK_TREE", str(repository))
    assert open_cache(project).is_on
    subprocess.run(["git", "add", "-f", f"{CACHE_FOLDER}/index.cache"], cwd=repository, check=True)
    not_used(project, "git tracks files in it")


@pytest.mark.usefixtures("kept")
def test_asking_git_runs_no_program_of_the_repository(repository: Path, project: Project, tmp_path: Path) -> None:
    mark = tmp_path / "ran"
    git(repository, "update-index", "--index-version", "4")
    for name in ("core.fsmonitor", "core.pager", "filter.x.clean", "filter.x.process"):
        git(repository, "config", name, f"sh -c 'touch {mark}; cat'")
    (repository / ".gitattributes").write_text("* filter=x\n")
    assert open_cache(project).is_on
    assert not mark.exists()


@pytest.mark.usefixtures("kept")
def test_without_git_what_only_git_can_tell_is_not_used(repository: Path, project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    git(repository, "update-index", "--index-version", "4")
    monkeypatch.setenv("PATH", str(repository))
    not_used(project, "git tracks files in it, or can't tell")


@contextmanager
def nobody() -> Iterator[Path]:
    """Be a user who may not write everywhere, with a folder of one's own."""
    root = os.geteuid() == 0
    folder = Path(tempfile.mkdtemp())
    try:
        if root:
            os.chown(folder, NOBODY, -1)
            os.seteuid(NOBODY)
        yield folder
    finally:
        if root:
            os.seteuid(0)
        shutil.rmtree(folder)


def test_a_folder_that_can_not_be_written_is_read_and_said(project: Project) -> None:
    with nobody() as folder:
        own = replace(project, tree=Tree(str(folder), str(folder)))
        assert open_cache(own).write("index", [CONTENT])
        (folder / CACHE_FOLDER).chmod(0o500)
        cache = open_cache(own)
        assert bytes(cache.read("index") or b"") == CONTENT
        assert not cache.write("index", [b"new"])
        (folder / CACHE_FOLDER).chmod(0o700)
        assert bytes(open_cache(own).read("index") or b"") == CONTENT
    (note,) = cache.notes
    assert note.text.startswith("the cache is not used for the rest of this run: can't write ")
    assert note.text.endswith("permission denied; make that possible, or leave the cache out with --no-cache")


def test_a_folder_that_can_not_be_made_is_said(project: Project) -> None:
    with nobody() as folder:
        folder.chmod(0o500)
        cache = open_cache(replace(project, tree=Tree(str(folder), str(folder))))
        assert cache.read("index") is None
        assert [cache.write("index", [b""]), cache.write("other", [b""])] == [False, False]
    (note,) = cache.notes
    assert f'can\'t write "{folder}/{CACHE_FOLDER}": permission denied' in note.text


@contextmanager
def small_disk(size: int) -> Iterator[None]:
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.mark.parametrize("size", [0, 10, HEADER, HEADER + 100, HEADER + 200 + TRAILER - 1])
def test_a_full_disk_turns_the_cache_off_and_leaves_what_was_there(size: int, kept: Path, project: Project) -> None:
    cache = open_cache(project)
    with small_disk(size):
        assert not cache.write("index", [bytes(100), bytes(100)])
        assert not cache.write("other", [b""])
    (note,) = cache.notes
    assert note.text.startswith("the cache is not used for the rest of this run: can't write ")
    assert bytes(open_cache(project).read("index") or b"") == CONTENT
    assert sorted(path.name for path in kept.parent.iterdir()) == [".gitignore", TAG, "index.cache"]


def test_an_attacker_who_knows_the_format_gets_no_further_than_its_content(kept: Path, project: Project) -> None:
    """A right checksum is easy to make: what is in the file is checked by whoever reads it, and what it may claim is up to the folder."""
    body = b"".join(frame("index.cache", [b"forged"]))
    assert checksum(b"index.cache\0", body[:-32]).digest() == body[-32:]
    kept.write_bytes(body)
    assert bytes(open_cache(project).read("index") or b"") == b"forged"
    chance = random.Random(5)
    for _ in range(50):
        use = chance.randbytes(chance.randrange(100))
        cache = open_cache(project)
        cache.write("last-use", [use])
        assert cache.last_use() is None


@pytest.mark.parametrize("name", ["", "../index", "/etc/passwd", "a/b", "A", "x" * 200, "a\0", ".", "index.cache", "é"])
def test_names_that_lead_elsewhere_are_nobodys(name: str, kept: Path, project: Project) -> None:
    """One file of the cache may name others."""
    cache = open_cache(project)
    assert cache.read(name) is None
    cache.remove(name)
    assert kept.exists()


def test_clearing_leaves_what_is_not_ours(kept: Path, project: Project, tmp_path: Path) -> None:
    (kept.parent / "mine.txt").write_text("mine")
    assert [entry.name for entry in open_cache(project).clear()] == ["index.cache"]
    assert [path.name for path in kept.parent.iterdir()] == ["mine.txt"]
    not_used(project, "it has other files")
    assert Cache(tmp_path / "none").clear() == []
