// Starts `hengjie lsp` and lets the user choose whose values a hover shows. All that is known of the language is in the server.
'use strict';

const path = require('node:path');
const vscode = require('vscode');
const { LanguageClient } = require('vscode-languageclient/node');

/** @type {LanguageClient | undefined} */
let client;

/** Chinese or English, as the editor speaks. */
function say(zh, en) {
  return vscode.env.language.toLowerCase().startsWith('zh') ? zh : en;
}

function settings() {
  return vscode.workspace.getConfiguration('hengjie');
}

async function start() {
  const command = settings().get('path') || 'hengjie';
  client = new LanguageClient(
    'hengjie',
    '衡阶 Hengjie',
    { command, args: ['lsp'] },
    {
      documentSelector: [
        { scheme: 'file', language: 'markdown' },
        { scheme: 'untitled', language: 'markdown' },
      ],
      initializationOptions: settings(),
      synchronize: { configurationSection: 'hengjie' },
    },
  );
  try {
    await client.start();
  } catch (error) {
    client = undefined;
    const text = say(
      `没有启动“${command} lsp”：${error.message}。请安装 hengjie，或在设置 hengjie.path 里写明它在哪里。`,
      `“${command} lsp” did not start: ${error.message}. Install hengjie, or say in the setting hengjie.path where it is.`,
    );
    vscode.window.showErrorMessage(text);
  }
}

async function stop() {
  const running = client;
  client = undefined;
  await running?.stop();
}

/** Asks for the folder of facts and for the person, and keeps both in the settings of the workspace. */
async function choosePerson() {
  const root = vscode.workspace.workspaceFolders?.[0]?.uri.fsPath;
  const chosen = await vscode.window.showOpenDialog({
    canSelectFolders: true,
    canSelectFiles: true,
    canSelectMany: false,
    filters: { Excel: ['xlsx'] },
    title: say('资料文件夹，或 .xlsx 工作簿', 'Folder of facts, or an .xlsx workbook'),
    openLabel: say('用这份资料', 'Use these facts'),
  });
  if (!chosen?.length) return;
  const person = await vscode.window.showInputBox({
    prompt: say('看谁的数值：编号或姓名', 'Whose values: key or name'),
    value: settings().get('person'),
  });
  if (person === undefined) return;
  const relative = root ? path.relative(root, chosen[0].fsPath) : chosen[0].fsPath;
  const outside = relative.startsWith('..') || path.isAbsolute(relative);
  const target = root ? vscode.ConfigurationTarget.Workspace : vscode.ConfigurationTarget.Global;
  await settings().update('data', outside ? chosen[0].fsPath : relative || '.', target);
  await settings().update('person', person.trim(), target);
}

/** Shows the whole explanation of the rule at the cursor. */
async function explainHere() {
  const editor = vscode.window.activeTextEditor;
  if (!editor || !client) return;
  const range = editor.document.getWordRangeAtPosition(editor.selection.active, /[\p{L}\p{N}_·]+/u);
  if (!range) return;
  try {
    const found = await client.sendRequest('workspace/executeCommand', {
      command: 'hengjie.explain',
      arguments: [client.code2ProtocolConverter.asUri(editor.document.uri), editor.document.getText(range)],
    });
    const document = await vscode.workspace.openTextDocument({ language: 'plaintext', content: found.text });
    await vscode.window.showTextDocument(document, { viewColumn: vscode.ViewColumn.Beside, preview: true });
  } catch (error) {
    vscode.window.showWarningMessage(error.message);
  }
}

async function activate(context) {
  context.subscriptions.push(
    vscode.commands.registerCommand('hengjie.choosePerson', choosePerson),
    vscode.commands.registerCommand('hengjie.explainHere', explainHere),
    vscode.commands.registerCommand('hengjie.restart', async () => {
      await stop();
      await start();
    }),
    vscode.workspace.onDidChangeConfiguration(async (event) => {
      if (event.affectsConfiguration('hengjie.path')) {
        await stop();
        await start();
      }
    }),
  );
  await start();
}

module.exports = { activate, deactivate: stop };
