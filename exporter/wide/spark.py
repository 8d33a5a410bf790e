"""Apache Spark, as far as a run needs it: the one module that imports pyspark. Tasks are functions of ours, sent by their names.

What Spark says goes to a file of the run, or with `-v` to standard error; what went wrong in a task comes back as the sentence that it is.
"""

from __future__ import annotations

import contextlib
import json
import logging
import os
import re
import shutil
import signal
import socket
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from exporter.errors import ExporterError, UsageError
from exporter.system.processes import own_python
from exporter.system.search_path import search_path
from exporter.system.undoing import forget, started, temporary_folder, uninterrupted

INSTALL = 'pip install "owltype[spark]"'
_JAVA = "Spark needs Java 17 or newer: install it (Debian: apt-get install openjdk-17-jre-headless), or point JAVA_HOME to one"
_FAILURE = re.compile(r'owltype-task-failed ("(?:[^"\\]|\\.)*")')
_TRIES = 4
"""How often a part is tried, as on a cluster; Spark's own `local[*]` gives up the first time."""
_PAUSE = 0.5
_OURS = {
    "spark.app.name": "owltype",
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.driver.memory": "512m",
    # what Java compiles thoroughly has not paid off when a run of a minute is over, and takes the processors from Python
    "spark.driver.extraJavaOptions": "-XX:+UseSerialGC -XX:TieredStopAtLevel=1",
}
"""What a session on this machine is set to, where nobody has settings of Spark's own: little goes through Java."""
Item = TypeVar("Item")
Done = TypeVar("Done")
Spread = Any
"""An RDD; pyspark is not installed where types are checked."""


class TaskFailedError(Exception):
    """What a task raises in an executor: Spark hands its text on, and the driver reads it."""


@dataclass(frozen=True, slots=True)
class Cluster:
    """A Spark session that is open; `progress` is told how many tasks of how many are done."""

    context: Any
    progress: Callable[[int, int], None] | None = None

    def spread(self, items: Sequence[Item], task: Callable[[Iterable[Item]], Iterator[Done]]) -> Spread:
        """Give each item to a task of its own."""
        return self.context.parallelize(items, len(items)).mapPartitions(partial(run_task, task))

    def shuffle(self, rows: Sequence[Spread], buckets: int) -> Spread:
        """Bring together what is for one bucket; rows have its number before them."""
        together = rows[0] if len(rows) == 1 else self.context.union(list(rows))
        return together.partitionBy(buckets, _as_it_is)

    def keep(self, rows: Spread, wanted: Callable[[Any], bool]) -> Spread:
        """Keep those rows that are wanted."""
        return rows.filter(wanted)

    def collect(self, rows: Spread, task: Callable[[Iterable[Any]], Iterator[Done]]) -> list[Done]:
        """Run a task on each bucket, and give what all of them say."""
        with _told(), self._watched():
            done: list[Done] = rows.mapPartitions(partial(run_task, task)).collect()
            return done

    def reduce(self, rows: Spread, task: Callable[[int, Iterable[Any]], Iterator[Done]], add: Callable[[Done, Done], Done]) -> Done:
        """Run a task on each bucket, and add up what they say, in executors as far as it goes."""
        with _told(), self._watched():
            done: Done = rows.mapPartitionsWithIndex(partial(run_numbered, task)).treeReduce(add)
            return done

    @contextmanager
    def _watched(self) -> Iterator[None]:
        over = threading.Event()
        if self.progress is not None:
            threading.Thread(target=_watch, args=(self.context.statusTracker(), self.progress, over), daemon=True).start()
        try:
            yield
        finally:
            over.set()


def _watch(tracker: Any, progress: Callable[[int, int], None], over: threading.Event) -> None:  # noqa: ANN401 - see Spread
    """Tell the progress of a job until it is over."""
    with contextlib.suppress(Exception):  # Spark is ending; who waits for the job is told why
        while not over.wait(_PAUSE):
            for stage in tracker.getActiveStageIds():
                if (found := tracker.getStageInfo(stage)) is not None:
                    progress(found.numCompletedTasks, found.numTasks)


def _as_it_is(bucket: int) -> int:
    return bucket


def run_task(task: Callable[[Iterable[Item]], Iterator[Done]], items: Iterable[Item]) -> Iterator[Done]:
    """Run a task in an executor."""
    with _telling():
        yield from task(items)


def run_numbered(task: Callable[[int, Iterable[Item]], Iterator[Done]], number: int, items: Iterable[Item]) -> Iterator[Done]:
    """Run a task that has to know its bucket in an executor."""
    with _telling():
        yield from task(number, items)


@contextmanager
def _telling() -> Iterator[None]:
    try:
        yield
    except ExporterError as error:
        raise TaskFailedError(f"owltype-task-failed {json.dumps(str(error))}") from None
    except Exception as error:
        where = f"an executor on {socket.gethostname()}"
        said = f"internal error in {where} ({type(error).__name__}: {error}); please report it, with what `-v` shows"
        raise TaskFailedError(f"owltype-task-failed {json.dumps(said)}") from error


@contextmanager
def _told() -> Iterator[None]:
    """Raise what went wrong in a task, or in Spark itself, as a sentence."""
    try:
        yield
    except Exception as error:
        if not type(error).__module__.startswith(("py4j.", "pyspark.")) and not isinstance(error, (OSError, EOFError)):
            raise
        raise ExporterError(_explain(str(error))) from error


def _explain(said: str) -> str:
    if found := _FAILURE.search(said):
        return str(json.loads(found[1]))
    if "No module named 'exporter'" in said:
        return "the executors' Python does not have owltype: install the same version there (docs/scale.md)"
    if "PYTHON_VERSION_MISMATCH" in said:
        return "the executors' Python is of another version than the driver's: name the same one by PYSPARK_PYTHON"
    if re.search(r"worker exited unexpectedly|ExecutorLostFailure|OutOfMemory", said):
        return "executors were ended from outside again and again at one part (out of memory?); give them more memory, or run fewer"
    first = next((line.strip() for line in said.splitlines() if "Exception" in line), said.strip().partition("\n")[0])
    return f"Spark could not go on: {first}; `-v` shows what it said"


@contextmanager
def open_cluster(
    master: str | None, jobs: int, *, verbose: bool = False, progress: Callable[[int, int], None] | None = None
) -> Iterator[Cluster]:
    """Open a session for a run: that of `spark-submit`, or of this program, or one of our own, by default on this machine.

    Raises UsageError without pyspark or Java.
    """
    try:
        import pyspark
    except ImportError:
        raise UsageError(f"--runner spark needs the package pyspark: {INSTALL}, and Java 17") from None
    active = pyspark.SparkContext._active_spark_context  # noqa: SLF001 - there is no other way to ask without starting one
    if active is not None:
        yield Cluster(active, progress)
        return
    handler = signal.getsignal(signal.SIGINT)
    with temporary_folder() as folder, _quiet(), _java(pyspark, folder, master, verbose=verbose) as gateway:
        with _told():
            context = _start(pyspark, gateway, master, jobs)
        if threading.current_thread() is threading.main_thread():
            signal.signal(signal.SIGINT, handler)  # pyspark's raises KeyboardInterrupt, anywhere
        local = context.master.startswith("local")
        context.setLogLevel("WARN" if verbose else "OFF" if local else "ERROR")
        try:
            yield Cluster(context, progress)
        finally:
            context.stop()


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep py4j from writing a traceback where Java has ended: who waits for an answer is told."""
    logger = logging.getLogger()

    def is_other(record: logging.LogRecord) -> bool:
        return "py4j" not in record.pathname

    logger.addFilter(is_other)
    try:
        yield
    finally:
        logger.removeFilter(is_other)


def _start(pyspark: Any, gateway: Any, master: str | None, jobs: int) -> Spread:  # noqa: ANN401 - see Spread
    """Start a session: on the master that was named, or that spark-submit or spark-defaults.conf name, or here."""
    conf = pyspark.SparkConf(_jvm=gateway.jvm)
    chosen = master or conf.get("spark.master") or f"local[{jobs or '*'},{_TRIES}]"
    local = chosen.startswith("local")
    conf.setMaster(chosen).setIfMissing("spark.app.name", "owltype")
    if local:  # the workers find what this process finds, and nothing in the current folder
        conf.set("spark.executorEnv.PYTHONSAFEPATH", "1").set("spark.executorEnv.PYTHONPATH", os.pathsep.join(search_path()))
    context = pyspark.SparkContext(conf=conf, gateway=gateway)
    if local and "PYSPARK_PYTHON" not in os.environ:
        context.pythonExec = own_python()
    return context


@contextmanager
def _java(pyspark: Any, folder: Path, master: str | None, *, verbose: bool) -> Iterator[Any]:  # noqa: ANN401 - see Spread
    """Start Java for a session, and end it; or give the one that `spark-submit` started."""
    submitted = "PYSPARK_GATEWAY_PORT" in os.environ
    if not (submitted or _has_java()):
        raise UsageError(_JAVA)
    conf = pyspark.SparkConf(loadDefaults=False)
    if not (submitted or {"SPARK_HOME", "SPARK_CONF_DIR"} & set(os.environ) or (master and not master.startswith("local"))):
        conf.setAll([*_OURS.items(), ("spark.local.dir", str(folder))])
    gateway, process = _start_java(conf, folder, verbose=verbose)
    try:
        yield gateway
    finally:
        if process is not None:
            gateway.shutdown()
            process.stdin.close()
            process.wait()
            forget(process.undo)
            pyspark.SparkContext._gateway = pyspark.SparkContext._jvm = None  # noqa: SLF001 - the next session would ask this Java


def _start_java(conf: Any, folder: Path, *, verbose: bool) -> tuple[Any, Any]:  # noqa: ANN401 - see Spread
    """Start Java, or find the one that `spark-submit` started; what it says goes to a file unless all is to be said."""
    from pyspark.errors import PySparkRuntimeError
    from pyspark.java_gateway import launch_gateway

    log = folder / "spark.log"
    with log.open("wb") as file:
        try:
            with uninterrupted():
                gateway = launch_gateway(conf, None if verbose else {"stderr": file, "stdout": file})
                process = gateway.proc
                if process is not None:
                    process.undo = started(process)
        except PySparkRuntimeError:
            said = log.read_text("utf-8", "replace")
            lines = [line for line in said.splitlines() if line.strip()]
            old = "UnsupportedClassVersionError" in said or "Unrecognized option" in said
            raise UsageError(_JAVA if old or not lines else f"Java did not start: {lines[-1].strip()}") from None
    return gateway, process


def _has_java() -> bool:
    home = os.environ.get("JAVA_HOME")
    return os.access(Path(home, "bin", "java"), os.X_OK) if home else shutil.which("java") is not None
