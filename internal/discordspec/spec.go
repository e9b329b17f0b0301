// Package discordspec holds requests to Discord, and a stand-in's answers,
// against Discord's own OpenAPI description. Tests use it; the program does not.
//
// The description is not part of this repository. [ForTest] finds it beside
// the checkout and skips the test when it is missing. [Lint], which needs no
// description, adds the rules that Discord enforces but does not describe.
package discordspec

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"regexp"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
	"github.com/getkin/kin-openapi/routers/gorillamux"
)

// Spec is Discord's description of its API, ready to check requests. It is
// safe for concurrent use.
type Spec struct {
	doc    *openapi3.T
	router routers.Router
}

// Load reads the description from a file.
func Load(path string) (*Spec, error) {
	doc, err := openapi3.NewLoader().LoadFromFile(path)
	if err != nil {
		return nil, fmt.Errorf("reading Discord's API description: %w", err)
	}
	doc.Servers = nil // requests go to a stand-in on loopback, and are matched by path alone
	router, err := gorillamux.NewRouter(doc)
	if err != nil {
		return nil, fmt.Errorf("routing by Discord's API description: %w", err)
	}
	return &Spec{doc: doc, router: router}, nil
}

// Request reports everything wrong with a request: what the description
// forbids, members that it doesn't know, and what [Lint] finds. The request
// may be addressed to any host, with or without the /api/vN prefix; its body is
// given apart and r.Body is left alone.
func (s *Spec) Request(r *http.Request, body []byte) error {
	r, body, err := unformed(r, body)
	if err != nil {
		return err
	}
	in, err := s.input(r, body)
	if err != nil {
		return err
	}
	err = openapi3filter.ValidateRequest(r.Context(), in)
	return errors.Join(err, unknownMembers(requestSchema(in.Route.Operation), body), Lint(r, body))
}

// Response reports what is wrong with the answer to a request, as far as the
// description goes.
func (s *Spec) Response(r *http.Request, status int, header http.Header, body []byte) error {
	in, err := s.input(r, nil)
	if err != nil {
		return err
	}
	return openapi3filter.ValidateResponse(r.Context(), &openapi3filter.ResponseValidationInput{
		RequestValidationInput: in,
		Status:                 status,
		Header:                 header,
		Body:                   io.NopCloser(bytes.NewReader(body)),
		Options:                in.Options,
	})
}

// apiPrefix precedes the described paths in every real request.
var apiPrefix = regexp.MustCompile(`^/api(/v\d+)?`)

// input finds the described operation of a request.
func (s *Spec) input(r *http.Request, body []byte) (*openapi3filter.RequestValidationInput, error) {
	c := r.Clone(context.WithoutCancel(r.Context()))
	c.URL = &url.URL{Path: apiPrefix.ReplaceAllString(r.URL.Path, ""), RawQuery: r.URL.RawQuery}
	c.Body = io.NopCloser(bytes.NewReader(body))
	c.ContentLength = int64(len(body))
	route, params, err := s.router.FindRoute(c)
	if err != nil {
		return nil, fmt.Errorf("%s %s is not described: %w", r.Method, c.URL.Path, err)
	}
	return &openapi3filter.RequestValidationInput{
		Request:    c,
		PathParams: params,
		Route:      route,
		Options: &openapi3filter.Options{
			AuthenticationFunc:                openapi3filter.NoopAuthenticationFunc,
			RejectWhenRequestBodyNotSpecified: true,
			IncludeResponseStatus:             true,
			SkipSettingDefaults:               true,
			MultiError:                        true,
		},
	}, nil
}

// requestSchema is the schema of an operation's JSON body, or nil.
func requestSchema(op *openapi3.Operation) *openapi3.SchemaRef {
	if op.RequestBody == nil {
		return nil
	}
	if media := op.RequestBody.Value.Content.Get("application/json"); media != nil {
		return media.Schema
	}
	return nil
}
