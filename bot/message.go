package bot

import (
	"github.com/bwmarrin/discordgo"

	"github.com/whosaid/whosaid/answer"
)

// Message is what a handler has to say, before the sender budgets it and makes
// components of it, from top to bottom. Text of type Markdown is safe by its type.
type Message struct {
	Content Markdown // stands by itself
	Frames  []Frame
	// Files are shown where a frame names them, else below all frames.
	Files []File
	Rows  [][]Button
	// Ephemeral messages are seen by the member who asked, and nobody else.
	Ephemeral bool
}

// Frame is a framed part of a message: one answer, or a verdict. Discord calls
// it a container.
type Frame struct {
	Author      Markdown // the line on top
	Beside      *Button  // at the end of that line
	Title       Markdown
	Description Markdown
	Picture     string // name of a file of the message, shown below the description
	Fields      []Field
	Source      Markdown // where it is written, just above the footer
	Footer      string   // small, shown literally
	Buttons     []Button
	Color       int // 0xRRGGBB, 0 for none
}

// Field is a headed part of a frame. Inline ones share a line with their
// neighbours.
type Field struct {
	Name, Value Markdown
	Inline      bool
}

// Button is a button, which either sends a custom ID back or opens a URL.
type Button struct {
	Label   string
	ID, URL string
	Style   discordgo.ButtonStyle // 0 means secondary
	Emoji   string
}

// Response is a handler's answer to a request.
type Response struct {
	Message Message
	// Update replaces the message whose button was clicked, instead of adding one.
	Update bool
	// Verdict is that of a checked claim, for the metrics.
	Verdict answer.Verdict
	// Modal, if set, asks the member for more instead of saying anything.
	Modal *Modal
	// Choices are the suggestions for Autocomplete.
	Choices []Choice
	// Follow, if set, is called once after the message was delivered (or could
	// not be) and may go on for long, until its context ends.
	Follow Follow
}

// Choice is a suggestion: what the member sees, and what the option becomes.
type Choice struct{ Name, Value string }
