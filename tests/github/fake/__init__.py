"""A fake GitHub on loopback that remembers, and holds both sides to GitHub's own OpenAPI document.

The fixture `github` (tests/github/conftest.py) starts one for a test that is marked `loopback`, sets GITHUB_API_URL,
GITHUB_TOKEN and GITHUB_REPOSITORY to it, and fails the test if a request or an answer broke the contract:

    @pytest.mark.loopback
    def test_(github):
        pull = github.state.add_pull(files=(File("app/models/user.rb"),))    # state.py: change and read it directly
        github.state.add_comment(pull.number, "Nice!", "maria")
        github.fail(faults.LOST, "POST", r"/comments$")                      # faults.py: how and when GitHub fails
        ...
        assert len(github.state.comments_of(pull.number)) == 1
        assert len(github.writes) == 1                                       # `requests`, `asked(method, path)`, `writes`

- `github.url`, `github.token`: for GITHUB_API_URL and GITHUB_TOKEN. The token is `github-actions[bot]`'s and may write;
  `github.add_token("ada")` is one that reads only, `add_token("maria", "issues")` one that may write issues.
- `github.fail(FAULT, method, path, nth=, times=)`: with no method and no path, the nth request whatever it is.
  A fault with `done` does what was asked and loses the answer.
- `github.left = 0`: the primary rate limit is used up.
- `github.state.git`: a bare repository, where a test needs trees and commits (`state.refs` follows it).
- `github.state.without`: facts of docs/github.md that this GitHub does not know, by number. FAKE_GITHUB_WITHOUT=43,86 in the
  environment leaves them out of a whole run: a test of such a fact fails then.
- `github.naps`: the seconds that the client wanted to wait; nobody waited.
- An operation is added in `tests/github/contract/used.txt` (then run `trim.py`) and with `@route` in a `routes_*.py`;
  what it answers is seeded from the document's example.

`/api/v3` before a path is left aside, as on GitHub Enterprise. As a HTTP proxy it serves `gh` with GH_HOST=github.localhost.
"""
