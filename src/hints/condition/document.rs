//! What a structured file is: told by its path and by keys it must have.

#![expect(
    clippy::case_sensitive_file_extension_comparisons,
    reason = "names are compared in lower case, or are no names of files"
)]

use crate::hints::file::File;

const KNOWN: &[&str] = &[
    "compose",
    "kubernetes",
    "github-workflow",
    "gitlab-ci",
    "ansible",
    "openapi",
    "package-json",
    "cloudformation",
    "helm-values",
];

/// Tells whether a kind is known.
pub fn is_known(kind: &str) -> bool {
    KNOWN.contains(&kind)
}

/// Modules of Ansible that lists of tasks nearly always use some of.
const MODULES: &[&str] = &[
    "apt",
    "yum",
    "dnf",
    "package",
    "shell",
    "command",
    "copy",
    "template",
    "file",
    "get_url",
    "git",
    "pip",
    "service",
    "systemd",
    "user",
    "uri",
    "lineinfile",
    "unarchive",
    "docker_container",
    "set_fact",
    "debug",
];

/// Tells whether a text is a list of named tasks, each with a module of Ansible.
fn has_tasks(text: &str) -> bool {
    let is_module = |line: &str| {
        let key = line
            .strip_prefix("  ")
            .and_then(|line| line.split_once(':'));
        key.is_some_and(|(key, _)| MODULES.contains(&key) || key.starts_with("ansible.builtin."))
    };
    text.lines().any(|line| line.starts_with("- name:")) && text.lines().any(is_module)
}

/// Tells whether a file is of a kind.
pub fn is(file: &File<'_>, kind: &str) -> bool {
    let path = String::from_utf8_lossy(file.path.as_bytes()).to_lowercase();
    let name = path.rsplit('/').next().unwrap_or_default();
    let text = file.text();
    let has_key = |key: &str| {
        text.lines().any(|line| {
            let line = line.strip_prefix("- ").unwrap_or(line);
            line.strip_prefix(key)
                .is_some_and(|rest| rest.starts_with(':'))
        })
    };
    match kind {
        "compose" => {
            (name.contains("compose") || has_key("services"))
                && has_key("services")
                && !has_key("jobs")
        }
        "kubernetes" => has_key("apiVersion") && has_key("kind"),
        "github-workflow" => {
            path.contains(".github/workflows/")
                || (has_key("jobs") && (has_key("on") || has_key("\"on\"") || has_key("'on'")))
                || (has_key("runs") && has_key("name") && name.starts_with("action."))
        }
        "gitlab-ci" => {
            name.ends_with(".gitlab-ci.yml")
                || (has_key("stages") && text.contains("script:"))
                || path.contains("gitlab") && text.contains("\n  script:")
        }
        "ansible" => {
            text.contains("name:")
                && (has_key("hosts")
                    || path.contains("/tasks/")
                    || path.contains("playbook")
                    || text.contains("\n  hosts:") && text.contains("\n  tasks:")
                    || has_tasks(text))
        }
        "openapi" => has_key("openapi") || has_key("swagger"),
        "package-json" => name == "package.json",
        "cloudformation" => {
            has_key("AWSTemplateFormatVersion") || (has_key("Resources") && text.contains("AWS::"))
        }
        "helm-values" => name.starts_with("values") && name.ends_with(".yaml"),
        _ => false,
    }
}
