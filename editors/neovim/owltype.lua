-- owltype in Neovim 0.7 or newer: put this file into ~/.config/nvim/plugin/, or `require` it.
-- One server serves each folder with an owltype.toml or an ontology/ above the file that is opened.

local M = { command = { "owltype", "lsp" }, trusted = false }

local clients = {}

local function root_of(file)
  local folder = vim.fn.fnamemodify(file, ":p:h")
  while true do
    if vim.fn.filereadable(folder .. "/owltype.toml") == 1 or vim.fn.isdirectory(folder .. "/ontology") == 1 then
      return folder
    end
    local above = vim.fn.fnamemodify(folder, ":h")
    if above == folder then
      return nil
    end
    folder = above
  end
end

function M.attach(buffer)
  local file = vim.api.nvim_buf_get_name(buffer)
  local root = file ~= "" and root_of(file) or nil
  if root == nil then
    return
  end
  if clients[root] == nil then
    clients[root] = vim.lsp.start_client({
      name = "owltype",
      cmd = M.command,
      cmd_cwd = root,
      root_dir = root,
      workspace_folders = { { uri = vim.uri_from_fname(root), name = root } },
      init_options = { trusted = M.trusted },
      on_exit = function() clients[root] = nil end,
      on_attach = function(_, attached)
        vim.api.nvim_buf_set_option(attached, "omnifunc", "v:lua.vim.lsp.omnifunc")
      end,
    })
  end
  if clients[root] ~= nil then
    vim.lsp.buf_attach_client(buffer, clients[root])
  end
end

vim.api.nvim_create_autocmd("FileType", {
  pattern = { "markdown", "mdx", "html", "yaml", "toml", "json" },
  callback = function(event) M.attach(event.buf) end,
})

return M
