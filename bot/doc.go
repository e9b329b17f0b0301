// Package bot is the Discord side of whosaid: it registers slash commands,
// answers them with what the answer room finds, and turns buttons into further
// pages and surrounding paragraphs.
//
// An interaction takes one way through the package. The gateway hands over the
// raw event; [decode] reads the few members that matter into a [Request]; the
// router finds the handler by kind and name, checks permissions, recovers
// panics and turns errors into what the user reads; the handler, a pure
// function of the request and the [Backend], returns a [Response]; the sender
// budgets every length and delivers it, at once or after a deferral.
//
// Text from articles and members is data. It reaches a message only as
// [Markdown], which [Escape] makes, or in the few places that Discord shows
// literally; every message forbids all mentions.
//
// The bot needs no privileged intent, and reads no messages.
package bot
