"""Rules about fragments together, about a change set, and about the changelog."""

from __future__ import annotations

from relbot.review.rulebook.model import Example, File, Rule


def _needing_example(*names: str, by: str) -> File:
    needs = f"needs: [{', '.join(names)}]\n" if names else ""
    return File(f"changes/{by}.md", f"---\ntype: changed\n{needs}---\n\nOptions move, part {by}.\n")


_SERVICES = File("relbot.toml", '[services.apache2]\nrestart = "systemctl restart apache2"\n')


def _restarting(service: str) -> File:
    steps = f"deploy:\n  - phase: before-restart\n    run: rake migrate\n    restart: [{service}]\n"
    return File("changes/4075.md", f"---\ntype: changed\nmigration: true\n{steps}---\n\nOptions are grouped.\n")


_NOTE = "---\ntype: changed\nbreaking: true\n---\n\nOptions are grouped.\n\n## Migration\n\nRun `rake migrate`.\n"
_FOREIGN = Example((File("changes/4075-options.md", _NOTE),))
_OWN = Example(
    (File("changes/4075-options.md", _NOTE), File("changes/4081-login.md", "---\ntype: fixed\n---\n\nLogging in works.\n"))
)
_CODE = File("app/models/user.rb", "class User\n  def forget\n    nil\n  end\nend\n")

_ENTRY = "# Changelog\n\n## 1.1.0 (2026-11-02)\n\n### Fixed\n\n- Logging in works.\n"


def _changelog(text: str) -> Example:
    released = File("changes/released/1.1.0/4075.md", "---\ntype: fixed\n---\n\nLogging in works.\n")
    return Example((released, File("CHANGELOG.md", text)))


SET_RULES = (
    Rule(
        "duplicate-identity",
        "Two fragments have the same name, or names that differ only in capital letters.",
        (
            "The file name identifies a change, in every folder. relbot would treat two files of one name as one "
            "amended change. Windows and macOS cannot store `Login.md` beside `login.md`. A back-port keeps its name "
            "in every release line: it is one change, if both files are released, or share type and first paragraph, "
            "an issue or a pull request."
        ),
        bad=Example((_needing_example(by="4075-options"), _needing_example(by="4075-Options"))),
        good=Example((_needing_example(by="4075-options"), _needing_example(by="4081-options"))),
    ),
    Rule(
        "unknown-reference",
        "`needs` or `hold` names a fragment that does not exist.",
        "A deploy would wait forever, or not wait for the right change.",
        bad=Example((_needing_example(by="4075-expand"), _needing_example("4075-expnad", by="4076-contract"))),
        good=Example((_needing_example(by="4075-expand"), _needing_example("4075-expand", by="4076-contract"))),
    ),
    Rule(
        "unknown-service",
        "A step restarts a service that the configuration does not declare, although it declares others.",
        "The checklist could not say how to restart and check it. Most often, the name is misspelt.",
        bad=Example((_SERVICES, _restarting("apahce2"))),
        good=Example((_SERVICES, _restarting("apache2"))),
    ),
    Rule(
        "needs-cycle",
        "Fragments need each other in a circle, or one needs itself.",
        "Each would have to be deployed before the other, so neither can be deployed.",
        bad=Example((_needing_example("4076-contract", by="4075-expand"), _needing_example("4075-expand", by="4076-contract"))),
        good=Example((_needing_example(by="4075-expand"), _needing_example("4075-expand", by="4076-contract"))),
    ),
    Rule(
        "needs-missing",
        "A change needs one that is neither deployed nor part of the deploy.",
        (
            "The change would reach production without the change that it builds on, for example a "
            "contract step before its expand step."
        ),
        bad=Example((_needing_example("4075-expand", by="4076-contract"),)),
        good=Example((_needing_example(by="4075-expand"), _needing_example("4075-expand", by="4076-contract"))),
    ),
    Rule(
        "needs-together",
        "A change and what it needs arrived with the same commit, so no deploy can come between them.",
        "The needed change must run first. If both arrive together, there is no revision to deploy first.",
        bad=Example((_needing_example(by="4075-expand"), _needing_example("4075-expand", by="4076-contract"))),
        good=Example((_needing_example(by="4075-expand"),)),
    ),
    Rule(
        "every-change",
        "The project wants a fragment with every change, and a change set has none.",
        (
            "This is a policy of the project: `every-change` below `[rules]`, off by default. It does not depend on "
            "the diff. `relbot pr` shows it with other findings, but never comments because of it alone."
        ),
        bad=Example((_CODE,)),
        good=Example((_CODE, File("changes/4075.md", "---\ntype: fixed\n---\n\nThe login page forgets you when asked to.\n"))),
    ),
    Rule(
        "fragment-deleted",
        "A change set deletes an existing fragment.",
        (
            "The change that the fragment describes is still there, and readers would miss it. Required if it is "
            "breaking, has a migration or was released."
        ),
        bad=_FOREIGN,
        good=_OWN,
    ),
    Rule(
        "fragment-vanished",
        "A fragment that is deployed is missing from the revision that a deploy goes to, and its history does not say why.",
        "If the change was reverted, its steps have to be undone. If only the note was removed, nothing has to be undone. relbot"
        " does not guess: say so in the message of a later commit, with a line `Relbot-Reverted: NAME` or `Relbot-Tidied: NAME`.",
        bad=_FOREIGN,
        good=_OWN,
    ),
    Rule(
        "fragment-renamed",
        "A change set renames an existing fragment.",
        (
            "The file name identifies a change. Under another name, deploys recognize it only while it says exactly the same, "
            "or if it says `was: OLD-NAME`. Else relbot cannot tell whether the change was taken back."
        ),
        bad=_FOREIGN,
        good=_OWN,
    ),
    Rule(
        "fragment-edited",
        "A change set edits an existing fragment.",
        (
            "Corrections are welcome. But readers who have the old change would miss a new change in its file. "
            "Required if the fragment is breaking, has a migration or was released. Otherwise for information."
        ),
        bad=_FOREIGN,
        good=_OWN,
    ),
    Rule(
        "fragment-released",
        "A change set moves a fragment differently than `relbot build` would.",
        "Fragments below `released/` count as published in the notes of that release. Only `relbot build` writes both together.",
        bad=_FOREIGN,
        good=_OWN,
    ),
    Rule(
        "fragment-in-release",
        "A change set adds a fragment to a published release.",
        "The notes of that release are published: no release notes will ever show the new fragment.",
        bad=Example((File("changes/released/1.1.0/4075.md", "---\ntype: fixed\n---\n\nLogging in works.\n"),)),
        good=Example((File("changes/4075.md", "---\ntype: fixed\n---\n\nLogging in works.\n"),)),
    ),
    Rule(
        "changelog-edited",
        "An entry of the changelog differs from what relbot built.",
        "relbot does not overwrite manual edits. Edit the fragment below `released/`, from which relbot builds the entry.",
        bad=Example(
            (
                File("changes/released/1.1.0/4075.md", "---\ntype: fixed\n---\n\nThe login page remembers you.\n"),
                File("CHANGELOG.md", "# Changelog\n\n## 1.1.0 (2026-11-02)\n\n### Fixed\n\n- Logging in works again, sorry!\n"),
            )
        ),
        good=Example(
            (
                File("changes/released/1.1.0/4075.md", "---\ntype: fixed\n---\n\nLogging in works again, sorry!\n"),
                File("CHANGELOG.md", "# Changelog\n\n## 1.1.0 (2026-11-02)\n\n### Fixed\n\n- Logging in works again, sorry!\n"),
            )
        ),
    ),
    Rule(
        "changelog-missing",
        "A release that relbot built has no entry in the changelog.",
        "A merge of two changelogs can drop an entry unnoticed. `relbot build --refresh VERSION` restores it.",
        bad=_changelog("# Changelog\n"),
        good=_changelog(_ENTRY),
    ),
    Rule(
        "changelog-link",
        "The link that relbot added for a release is not in the changelog.",
        "Its heading shows `[1.1.0]` with the brackets. `relbot build --refresh VERSION` restores the link.",
        bad=_changelog(_ENTRY.replace("## 1.1.0", "## [1.1.0]", 1)),
        good=_changelog(
            _ENTRY.replace("## 1.1.0", "## [1.1.0]", 1) + "\n[1.1.0]: https://git.example.org/o/r/compare/v1.0.0...v1.1.0\n"
        ),
    ),
    Rule(
        "changelog-duplicate",
        "A version has two headings in the changelog.",
        "Readers find one of them and miss the other. `v1.1.0` and `1.1.0 (unreleased)` are the same version as `1.1.0`.",
        bad=_changelog(f"{_ENTRY}\n## v1.1.0 (unreleased)\n\n- Logging in works.\n"),
        good=_changelog(_ENTRY),
    ),
    Rule(
        "changelog-anchor",
        "An anchor of one version stands above the entry of another.",
        "Links to the version lead to the wrong entry. This happens if an entry is put between an anchor and its heading.",
        bad=_changelog(_ENTRY.replace("## 1.1.0", '<a name="1.0.0"></a>\n\n## 1.1.0', 1)),
        good=_changelog(_ENTRY.replace("## 1.1.0", '<a name="1.1.0"></a>\n\n## 1.1.0', 1)),
    ),
    Rule(
        "changelog-order",
        "An entry stands above one that is newer and has a higher version.",
        "Readers expect the newest entry first. A maintenance release may stand by its version or by its day.",
        bad=_changelog(f"{_ENTRY}\n## 1.2.0 (2026-12-02)\n\n### Fixed\n\n- Logging out works.\n"),
        good=_changelog(_ENTRY.replace("\n\n##", "\n\n## 1.2.0 (2026-12-02)\n\n### Fixed\n\n- Logging out works.\n\n##", 1)),
    ),
    Rule(
        "paths",
        "A change set touches a path that the project's rules name.",
        (
            "No detector can know some things, for example that operators copy the templates of a folder by hand. The "
            "project names such paths below `[rules.paths]`, and a fragment answers the finding."
        ),
        bad=Example((File("relbot.toml", '[rules.paths]\n"splash/**" = "require"\n'), File("splash/index.html.md", "Hello.\n"))),
        good=Example(
            (
                File("relbot.toml", '[rules.paths]\n"splash/**" = "require"\n'),
                File("splash/index.html.md", "Hello.\n"),
                File(
                    "changes/4075.md",
                    "---\ntype: changed\nmigration: true\n---\n\nThe page greets.\n\n## Migration\n\nCopy it by hand.\n",
                ),
            )
        ),
    ),
)
