package sandbox

import (
	"fmt"
	"net/http"
	"strings"
)

// Discord's error codes that the stand-in gives.
const (
	codeGeneral              = 0
	codeUnknownChannel       = 10003
	codeUnknownGuild         = 10004
	codeUnknownMessage       = 10008
	codeUnknownWebhook       = 10015
	codeUnknownInteraction   = 10062
	codeUnknownCommand       = 10063
	codeTooManyCommands      = 30032
	codeRequestTooLarge      = 40005
	codeAlreadyAcknowledged  = 40060
	codeEditOthersMessage    = 50005
	codeEmptyMessage         = 50006
	codeInvalidWebhookToken  = 50027
	codeInvalidForm          = 50035
	codeInvalidJSON          = 50109
	codeFieldRequired        = "BASE_TYPE_REQUIRED"
	codeFieldLength          = "BASE_TYPE_BAD_LENGTH"
	codeFieldMax             = "BASE_TYPE_MAX_LENGTH"
	codeFieldChoice          = "BASE_TYPE_CHOICES"
	codeFieldURL             = "URL_TYPE_INVALID_URL"
	codeFieldName            = "APPLICATION_COMMAND_INVALID_NAME"
	codeFieldDuplicateName   = "APPLICATION_COMMAND_OPTIONS_NAME_ALREADY_EXISTS"
	codeFieldOrder           = "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID"
	codeFieldOptionType      = "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID"
	codeFieldCommandTooLarge = "APPLICATION_COMMAND_TOO_LARGE"
	codeFieldEmbedsTooLarge  = "MAX_EMBED_SIZE_EXCEEDED"
	codeFieldComponent       = "BASE_TYPE_BAD_VALUE"
	codeFieldDuplicateID     = "COMPONENT_CUSTOM_ID_DUPLICATED"
	codeFieldV2              = "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2"
)

// apiError is an error reply in Discord's shape.
type apiError struct {
	status  int
	Code    int        `json:"code"`
	Message string     `json:"message"`
	Errors  *errorTree `json:"errors,omitempty"`
}

func (e *apiError) Error() string { return fmt.Sprintf("%d %s (%d)", e.status, e.Message, e.Code) }

func failure(status, code int, message string) *apiError {
	return &apiError{status: status, Code: code, Message: message}
}

func badRequest(code int, message string) *apiError {
	return failure(http.StatusBadRequest, code, message)
}

func notFound(code int, message string) *apiError {
	return failure(http.StatusNotFound, code, message)
}

// errorTree says which fields of a request are wrong: it mirrors the request,
// with a list under "_errors" at each wrong place.
type errorTree map[string]any

type fieldError struct {
	Code    string `json:"code"`
	Message string `json:"message"`
}

// add notes an error at a path such as "embeds.0.title".
func (t errorTree) add(path, code, message string, args ...any) {
	node := map[string]any(t)
	for step := range strings.SplitSeq(path, ".") {
		next, ok := node[step].(map[string]any)
		if !ok {
			next = map[string]any{}
			node[step] = next
		}
		node = next
	}
	list, _ := node["_errors"].([]fieldError)
	node["_errors"] = append(list, fieldError{code, fmt.Sprintf(message, args...)})
}

// err returns the 400 that carries the tree, or nil when nothing was noted.
func (t errorTree) err() error {
	if len(t) == 0 {
		return nil
	}
	e := badRequest(codeInvalidForm, "Invalid Form Body")
	e.Errors = &t
	return e
}

// length checks a text's length in runes.
func (t errorTree) length(path, text string, least, most int) {
	switch n := len([]rune(text)); {
	case n == 0 && least > 0:
		t.add(path, codeFieldRequired, "This field is required")
	case n < least || n > most:
		t.add(path, codeFieldLength, "Must be between %d and %d in length.", least, most)
	}
}

// count checks the length of a list.
func (t errorTree) count(path string, n, least, most int) {
	if n < least || n > most {
		t.add(path, codeFieldLength, "Must be between %d and %d in length.", least, most)
	}
}
