"""The story as data: what is written, which commands run, and what is said in between.

It follows build.opensuse.org's outage of 2018-08-15 (https://openbuildservice.org/2018/08/30/post-mortem/); the files
are made up.
"""

from __future__ import annotations

from dataclasses import dataclass, field

FRAGMENT = "5622"


@dataclass(frozen=True, slots=True)
class Scene:
    """One scene: what is told, which files are then written, which commands run, and what they should exit with.

    Commands that begin with `relbot` are shown with what they print; those of git run unseen.
    """

    told: str
    commands: tuple[tuple[str, ...], ...]
    files: dict[str, str] = field(default_factory=dict)
    day: str = "2018-08-14"
    exits: int = 0


_BEFORE = """\
# Settings of the site
frontend_host: localhost
frontend_port: 443
source_host: localhost
source_port: 5352
response_validation: false
min_votes: 3
"""
_AFTER = """\
# Settings of the site, by environment
default: &default
  frontend_host: localhost
  frontend_port: 443
  source_host: localhost
  source_port: 5352
  response_validation: false
  min_votes: 3

production:
  <<: *default

test:
  <<: *default
  response_validation: true
"""
_READER_BEFORE = "SETTINGS = YAML.load_file('config/options.yml')\n"
_READER_AFTER = "SETTINGS = YAML.load_file('config/options.yml').fetch(Rails.env)\n"
_TASK = """\
desc 'Group config/options.yml by environment'
task :migrate_options_yml do
  cp 'config/options.yml', 'config/options.yml.bkp'
  sh 'script/group_options', 'config/options.yml'
end
"""
_HELD = """\
---
type: changed
breaking: true
migration: true
issues: ["4075"]
deploy:
  - phase: before-restart
    run: bundle exec rake migrate_options_yml
    on: [frontend]
    check: grep -q '^production:' config/options.yml
    undo: cp config/options.yml.bkp config/options.yml
    restart: [apache2, obsapidelayed]
hold: ["5644"]
---

`config/options.yml` groups its keys by environment.

## Migration

Run the rake task after installing and before restarting. It keeps a backup.
"""
_SHIM = """\
---
type: deprecated
breaking: true
compat: shim
migration: false
reason: The old layout is still read.
---

The old layout of `config/options.yml` is deprecated.
"""
_READER_OF_BOTH = """\
settings = YAML.load_file('config/options.yml')
SETTINGS = settings.fetch(Rails.env, settings) # FIXME: remove the old layout with the next stable release
"""

SCENES = (
    Scene(
        "A site is deployed every day. This is what runs on 14 August 2018.",
        (
            ("git", "init", "-q", "-b", "main"),
            ("git", "add", "-A"),
            ("git", "commit", "-q", "-m", "What runs on 14 August"),
            ("git", "tag", "deployed/2018-08-14"),
        ),
        {
            "README.md": "A site.\n",
            "config/options.yml": _BEFORE,
            "config/initializers/settings.rb": _READER_BEFORE,
            "changes/5610.md": (
                "---\ntype: fixed\nissues: [5601]\n---\n\nThe search finds packages whose names have a plus sign.\n"
            ),
        },
    ),
    Scene(
        "Pull request 5622 groups the settings by environment. Without the new file the site does not start, and\n"
        "operators who deploy daily do not read the notes of the next stable release. This is what relbot says to it; on GitHub\n"
        "`relbot pr` says so in one comment on the pull request, with a note to begin with:",
        (
            ("git", "checkout", "-q", "-b", "group-options"),
            ("git", "add", "-A"),
            ("git", "commit", "-q", "-m", "Group the options by environment"),
            ("relbot", "check", "--base", "main"),
        ),
        {
            "config/options.yml": _AFTER,
            "config/initializers/settings.rb": _READER_AFTER,
            "lib/tasks/migrate_options_yml.rake": _TASK,
        },
        exits=1,
    ),
    Scene(
        "The author writes a note, first in a hurry:",
        (("relbot", "check", "--base", "main"),),
        {"changes/5622.md": "---\ntype: chnaged\nbreaking: yes\n---\n\n`config/options.yml` groups its keys by environment.\n"},
        exits=1,
    ),
    Scene(
        "Then as it should be: the task comes with the new package, and the package restarts the services. So it has\n"
        "to run in between: installed, not yet restarted.",
        (
            ("git", "clean", "-qfd", "changes"),
            (
                "relbot", "new", FRAGMENT, "--type", "changed", "--breaking", "--issue", "4075",
                "--message", "`config/options.yml` groups its keys by environment.",
                "--note", "Run the rake task after installing and before restarting. It keeps a backup.",
                "--phase", "before-restart", "--run", "bundle exec rake migrate_options_yml", "--on", "frontend",
                "--check", "grep -q '^production:' config/options.yml",
                "--undo", "cp config/options.yml.bkp config/options.yml",
                "--restart", "apache2", "--restart", "obsapidelayed",
            ),
            ("git", "add", "-A"),
            ("git", "commit", "-q", "-m", "Say what the deploy has to do"),
            ("relbot", "check", "--base", "main"),
            ("git", "checkout", "-q", "main"),
            ("git", "merge", "-q", "--no-ff", "-m", "Merge pull request #5622 from site/group-options", "group-options"),
            ("git", "tag", "deployed/2018-08-15"),
        ),
        day="2018-08-15",
    ),
    Scene(
        "15 August, 10:10. The operator asks what this deploy needs:",
        (("relbot", "checklist", "--from", "deployed/2018-08-14", "--to", "deployed/2018-08-15"),),
        exits=1,
    ),
    Scene(
        "And, should it go wrong, what taking it back needs:",
        (("relbot", "checklist", "--from", "deployed/2018-08-15", "--to", "deployed/2018-08-14"),),
        exits=1,
    ),
    Scene(
        "A deploy script asks before it restarts anything, and is refused while the step is open:",
        (
            ("relbot", "deploy", "adopt", "production", "--at", "deployed/2018-08-14"),
            ("relbot", "deploy", "gate", "production", "--to", "deployed/2018-08-15", "--before", "restart"),
        ),
        day="2018-08-15",
        exits=1,
    ),
    Scene(
        "The operator runs the task and ticks it; at a terminal `relbot deploy run` asks for one step after the other. It is\n"
        "recorded on a git ref that every clone shares. Now the script may go on:",
        (
            ("relbot", "deploy", "tick", "production", f"{FRAGMENT}#1", "--to", "deployed/2018-08-15"),
            ("relbot", "deploy", "gate", "production", "--before", "restart"),
            ("relbot", "deploy", "tick", "production", "restart:apache2"),
            ("relbot", "deploy", "tick", "production", "restart:obsapidelayed"),
            ("relbot", "deploy", "done", "production"),
        ),
        day="2018-08-15",
    ),
    Scene(
        "On the evening before, a developer had already written pull request 5644, with which the old file would have gone\n"
        "on working. With `hold: [5644]` in the note, a deploy waits for it, as on staging, where the old revision runs:",
        (
            ("git", "add", "-A"),
            ("git", "commit", "-q", "-m", "Wait for 5644"),
            ("relbot", "deploy", "adopt", "staging", "--at", "deployed/2018-08-14"),
            ("relbot", "deploy", "gate", "staging", "--to", "main", "--before", "install"),
        ),
        {f"changes/{FRAGMENT}.md": _HELD},
        day="2018-08-15",
        exits=1,
    ),
    Scene(
        "Once 5644 is merged, nothing holds it any more:",
        (
            ("git", "checkout", "-q", "-b", "old-layout"),
            ("git", "add", "-A"),
            ("git", "commit", "-q", "-m", "Read the old layout, too"),
            ("git", "checkout", "-q", "main"),
            ("git", "merge", "-q", "--no-ff", "-m", "Merge pull request #5644 from site/old-layout", "old-layout"),
            ("relbot", "deploy", "gate", "staging", "--to", "main", "--before", "install"),
        ),
        {"changes/5644.md": _SHIM, "config/initializers/settings.rb": _READER_OF_BOTH},
        day="2018-08-15",
    ),
    Scene(
        "Weeks later the same note is in the notes of the stable release:",
        (
            ("relbot", "list"),
            ("relbot", "build", "2.10", "--date", "2018-10-05"),
            ("relbot", "notes", "2.10", "--audience", "operators"),
            ("git", "commit", "-q", "-m", "Release 2.10"),
        ),
        day="2018-10-05",
    ),
    Scene(
        "The release moved the fragments. A deploy that spans it needs what it needed before:",
        (("relbot", "checklist", "--from", "deployed/2018-08-14", "--to", "main"),),
        day="2018-10-05",
        exits=1,
    ),
    Scene(
        "The old layout still works. relbot remembers that a change has to end it one day:",
        (("relbot", "list", "--contracts"),),
    ),
)  # fmt: skip
