;;; owltype.el --- owltype in Emacs 29 or newer, with Eglot  -*- lexical-binding: t -*-

;;; Commentary:
;; Load this file, open a record below a folder with an owltype.toml or an ontology/, and say M-x eglot.

;;; Code:

(require 'eglot)
(require 'project)

(defvar owltype-command '("owltype" "lsp")
  "The program that is started, with its arguments.")

(defvar owltype-trusted nil
  "Whether handlers that the settings of a folder name, which are Python code, are loaded.")

(defun owltype-root (folder)
  "Give the project that FOLDER is in: the nearest folder with an owltype.toml or an ontology."
  (when-let ((root (locate-dominating-file
                    folder (lambda (above)
                             (or (file-exists-p (expand-file-name "owltype.toml" above))
                                 (file-directory-p (expand-file-name "ontology" above)))))))
    (cons 'transient root)))

(defun owltype-contact (_interactive)
  "Say how the server is started."
  `(,@owltype-command :initializationOptions (:trusted ,(if owltype-trusted t :json-false))))

(add-hook 'project-find-functions #'owltype-root)

(dolist (mode '(markdown-mode gfm-mode html-mode yaml-mode yaml-ts-mode toml-ts-mode conf-toml-mode json-mode json-ts-mode))
  (add-to-list 'eglot-server-programs (cons mode #'owltype-contact)))

(provide 'owltype)
;;; owltype.el ends here
