package sandbox

import (
	"encoding/json"
	"net/http"
	"reflect"
	"slices"
	"strconv"
)

// Endpoints by which a bot registers its commands, for all servers or one.

func (s *Server) getCommands(r *http.Request, _ []byte) (int, any, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return http.StatusOK, append([]Command{}, s.commands[r.PathValue("guild")]...), nil
}

// putCommands replaces all commands of a scope; those that keep their name
// keep their id, and their version when nothing changed.
func (s *Server) putCommands(r *http.Request, body []byte) (int, any, error) {
	var commands []Command
	if err := decodeJSON(body, &commands); err != nil {
		return 0, nil, err
	}
	t := errorTree{}
	for i := range commands {
		defaultType(&commands[i])
		checkCommand(t, strconv.Itoa(i), commands[i])
	}
	if err := checkCommandSet(t, commands); err != nil {
		return 0, nil, err
	}
	guild := r.PathValue("guild")
	s.mu.Lock()
	defer s.mu.Unlock()
	for i := range commands {
		commands[i] = s.register(guild, commands[i])
	}
	s.setCommands(guild, commands)
	return http.StatusOK, append([]Command{}, commands...), nil
}

// postCommand adds a command, or replaces the one of its name.
func (s *Server) postCommand(r *http.Request, body []byte) (int, any, error) {
	var c Command
	if err := decodeJSON(body, &c); err != nil {
		return 0, nil, err
	}
	defaultType(&c)
	guild := r.PathValue("guild")
	s.mu.Lock()
	defer s.mu.Unlock()
	list := slices.Clone(s.commands[guild])
	i := slices.IndexFunc(list, func(o Command) bool { return o.Type == c.Type && o.Name == c.Name })
	status := http.StatusOK
	if i < 0 {
		i, status = len(list), http.StatusCreated
		list = append(list, Command{})
	}
	list[i] = c
	t := errorTree{}
	checkCommand(t, "", c)
	if err := checkCommandSet(t, list); err != nil {
		return 0, nil, err
	}
	list[i] = s.register(guild, c)
	s.setCommands(guild, list)
	return status, list[i], nil
}

func (s *Server) getCommand(r *http.Request, _ []byte) (int, any, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	list, i, err := s.commandByID(r)
	if err != nil {
		return 0, nil, err
	}
	return http.StatusOK, list[i], nil
}

func (s *Server) patchCommand(r *http.Request, body []byte) (int, any, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	list, i, err := s.commandByID(r)
	if err != nil {
		return 0, nil, err
	}
	c := list[i]
	id, kind := c.ID, c.Type
	c.Options = nil // a new list replaces the old one instead of being laid over it
	if err := decodeJSON(body, &c); err != nil {
		return 0, nil, err
	}
	var sent map[string]json.RawMessage
	if err := decodeJSON(body, &sent); err != nil {
		return 0, nil, err
	}
	if _, ok := sent["options"]; !ok {
		c.Options = list[i].Options
	}
	c.ID, c.Type = id, kind
	t := errorTree{}
	checkCommand(t, "", c)
	if err := t.err(); err != nil {
		return 0, nil, err
	}
	c.Version = s.ids.next()
	list[i] = c
	s.setCommands(r.PathValue("guild"), list)
	return http.StatusOK, c, nil
}

func (s *Server) deleteCommand(r *http.Request, _ []byte) (int, any, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	list, i, err := s.commandByID(r)
	if err != nil {
		return 0, nil, err
	}
	s.setCommands(r.PathValue("guild"), slices.Delete(list, i, i+1))
	return http.StatusNoContent, nil, nil
}

// commandByID returns a copy of the scope's list and the place of the command
// that the path names. The caller holds the lock.
func (s *Server) commandByID(r *http.Request) ([]Command, int, error) {
	list := slices.Clone(s.commands[r.PathValue("guild")])
	i := slices.IndexFunc(list, func(c Command) bool { return c.ID == r.PathValue("command") })
	if i < 0 {
		return nil, 0, notFound(codeUnknownCommand, "Unknown application command")
	}
	return list, i, nil
}

func defaultType(c *Command) {
	if c.Type == 0 {
		c.Type = CommandSlash
	}
}

// register gives a command its id and version and fills in the defaults. The
// caller holds the lock.
func (s *Server) register(guild string, c Command) Command {
	c.ApplicationID, c.GuildID = applicationID, guild
	if c.IntegrationTypes == nil {
		c.IntegrationTypes = []int{0}
	}
	for _, old := range s.commands[guild] {
		if old.Type == c.Type && old.Name == c.Name {
			c.ID, c.Version = old.ID, old.Version
			if reflect.DeepEqual(old, c) {
				return c
			}
		}
	}
	if c.ID == "" {
		c.ID = s.ids.next()
	}
	c.Version = s.ids.next()
	return c
}

// setCommands replaces a scope's commands. The caller holds the lock.
func (s *Server) setCommands(guild string, list []Command) {
	s.commands[guild] = list
	s.events.publish(Event{Type: EventCommands}, viewer{})
}
