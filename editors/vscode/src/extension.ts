// Starts `owltype lsp` for the folder that is open, and tells it whether the folder is trusted.
import * as vscode from "vscode";
import { LanguageClient, LanguageClientOptions, ServerOptions } from "vscode-languageclient/node";

const FILES = ["**/*.{md,markdown,mdx,html,htm,yaml,yml,json,toml}", "**/*.{ttl,rdf,owl,trig,jsonld}"];

let client: LanguageClient | undefined;

export async function activate(context: vscode.ExtensionContext): Promise<void> {
  context.subscriptions.push(
    vscode.commands.registerCommand("owltype.restart", restart),
    vscode.workspace.onDidGrantWorkspaceTrust(restart),
    vscode.workspace.onDidChangeConfiguration(async (change) => {
      if (change.affectsConfiguration("owltype.command")) {
        await restart();
      }
    }),
  );
  await start();
}

export async function deactivate(): Promise<void> {
  await client?.stop();
  client = undefined;
}

async function restart(): Promise<void> {
  await deactivate();
  await start();
}

async function start(): Promise<void> {
  const folder = vscode.workspace.workspaceFolders?.[0];
  const [command, ...args] = vscode.workspace.getConfiguration("owltype", folder).get<string[]>("command", []);
  if (folder === undefined || folder.uri.scheme !== "file" || command === undefined) {
    return;
  }
  const server: ServerOptions = { command, args, options: { cwd: folder.uri.fsPath } };
  const options: LanguageClientOptions = {
    documentSelector: FILES.map((pattern) => ({ scheme: "file", pattern })),
    workspaceFolder: folder,
    initializationOptions: { trusted: vscode.workspace.isTrusted },
    synchronize: { fileEvents: FILES.map((pattern) => vscode.workspace.createFileSystemWatcher(pattern)) },
  };
  client = new LanguageClient("owltype", "owltype", server, options);
  try {
    await client.start();
  } catch (error) {
    const said = error instanceof Error ? error.message : String(error);
    void vscode.window.showErrorMessage(`owltype can't be started (${command}): ${said}. Install it with: pip install "owltype[lsp]"`);
  }
}
