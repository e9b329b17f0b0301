// Package sandbox is a stand-in for Discord on loopback: the part of its REST
// API and gateway that a bot with slash commands uses, and a chat page in the
// browser to try that bot without an account or a token.
//
// The bot isn't told. It runs through its usual Discord client; only the
// [http.Client] differs: the one from [Server.Client] sends what is meant for
// discord.com to the stand-in, which names its own gateway in the answer to
// GET /gateway. So everything above the network is what runs in production.
//
//	bot ── REST ──▶ rest.go ──▶ state.go ◀── user.go ◀── page.go (browser)
//	bot ◀─ gateway ─ gateway.go ◀──┘            └◀── end-to-end tests
//
// The stand-in is strict where Discord is: a reply after three seconds finds
// the interaction gone, a second reply is refused, lengths and counts are
// checked, and errors come in Discord's shape. A bot that passes here has
// met the rules it will meet there.
//
// It listens on 127.0.0.1 only and refuses requests whose Host or Origin is
// another, so that no web page elsewhere can drive it through the browser.
package sandbox
