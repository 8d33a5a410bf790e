-- Opens a record as a user does, and writes what the editor shows: problems, completion, and the text with a fix.
local config, record, answer = os.getenv("EDITOR_CONFIG"), os.getenv("EDITOR_RECORD"), os.getenv("EDITOR_ANSWER")
local settings = dofile(config)
settings.command = vim.fn.json_decode(os.getenv("EDITOR_COMMAND"))

local said = {}

local function run()
  vim.cmd("edit " .. record)
  vim.bo.filetype = "markdown"
  local buffer = vim.api.nvim_get_current_buf()

  local function wait(what, condition)
    if not vim.wait(20000, condition, 50) then
      said.failed = what
    end
  end

  wait("diagnostics", function() return #vim.diagnostic.get(buffer) > 0 end)
  said.diagnostics = {}
  for _, each in ipairs(vim.diagnostic.get(buffer)) do
    table.insert(said.diagnostics, { each.code or each.user_data.lsp.code, each.lnum, each.message })
  end

  -- completion at the end of `author: `
  local line = vim.fn.search("^author: ") - 1
  local position = { textDocument = vim.lsp.util.make_text_document_params(buffer), position = { line = line, character = 8 } }
  said.completion = {}
  for _, response in pairs(vim.lsp.buf_request_sync(buffer, "textDocument/completion", position, 10000) or {}) do
    for _, item in ipairs((response.result or {}).items or {}) do
      table.insert(said.completion, item.label)
    end
  end

  -- the fix of the first problem
  local first = vim.diagnostic.get(buffer)[1]
  vim.api.nvim_win_set_cursor(0, { first.lnum + 1, first.col })
  local range = vim.lsp.util.make_range_params()
  range.context = { diagnostics = vim.lsp.diagnostic.get_line_diagnostics(buffer) }
  for id, response in pairs(vim.lsp.buf_request_sync(buffer, "textDocument/codeAction", range, 10000) or {}) do
    local action = (response.result or {})[1]
    if action ~= nil then
      said.title = action.title
      vim.lsp.util.apply_workspace_edit(action.edit, vim.lsp.get_client_by_id(id).offset_encoding)
    end
  end
  wait("a fixed text", function() return #vim.diagnostic.get(buffer) == 0 end)
  said.text = table.concat(vim.api.nvim_buf_get_lines(buffer, 0, -1, false), "\n")
end

local fine, failure = pcall(run)
if not fine then
  said.failed = failure
end
vim.fn.writefile({ vim.fn.json_encode(said) }, answer)
vim.cmd("qall!")
