package bot

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"reflect"
	"slices"

	"github.com/bwmarrin/discordgo"
)

// registrar tells Discord of the commands, when they changed.
type registrar struct {
	sender   *sender
	store    *store
	log      *slog.Logger
	commands []Command
}

// register registers the commands of an application unless both this program
// and Discord remember them as they are. Registering needlessly would cost members
// the commands for a moment, and their overrides of permissions.
func (g *registrar) register(ctx context.Context, appID string) error {
	body, err := json.Marshal(g.commands)
	if err != nil {
		return fmt.Errorf("registering the commands: %w", err)
	}
	sum := sha256.Sum256(body)
	want := registration{AppID: appID, Hash: hex.EncodeToString(sum[:])}
	endpoint := discordgo.EndpointApplicationGlobalCommands(appID)
	if g.store.registered() == want {
		same, err := g.unchanged(ctx, endpoint)
		if err != nil {
			return err
		}
		if same {
			g.log.Debug("The commands are registered as they are")
			return nil
		}
	}
	if _, err := g.sender.request(ctx, http.MethodPut, endpoint, g.commands); err != nil {
		return fmt.Errorf("registering the commands: %w", err)
	}
	g.log.Info("Registered the commands", "count", len(g.commands))
	return g.store.setRegistered(want)
}

// unchanged asks Discord whether it has the commands as they are.
func (g *registrar) unchanged(ctx context.Context, endpoint string) (bool, error) {
	b, err := g.sender.request(ctx, http.MethodGet, endpoint+"?with_localizations=true", nil)
	if err != nil {
		return false, fmt.Errorf("reading the registered commands: %w", err)
	}
	var have []Command
	if err := json.Unmarshal(b, &have); err != nil {
		return false, fmt.Errorf("reading the registered commands: %w", err)
	}
	return reflect.DeepEqual(normal(have), normal(g.commands)), nil
}

// normal orders what Discord may return in any order, and makes absent and
// empty lists equal.
func normal(commands []Command) []Command {
	out := slices.Clone(commands)
	for i := range out {
		c := &out[i]
		c.Type = cmp.Or(c.Type, int(discordgo.ChatApplicationCommand))
		c.Contexts = slices.Sorted(slices.Values(c.Contexts))
		c.Installs = slices.Sorted(slices.Values(c.Installs))
		c.Options = normalOptions(c.Options)
	}
	slices.SortFunc(out, func(a, b Command) int { return cmp.Compare(a.Name, b.Name) })
	return out
}

// normalOptions keeps the order, which members see.
func normalOptions(options []Option) []Option {
	if len(options) == 0 {
		return nil
	}
	out := slices.Clone(options)
	for i := range out {
		out[i].Options = normalOptions(out[i].Options)
		out[i].Choices = slices.Clone(out[i].Choices)
		for j := range out[i].Choices {
			out[i].Choices[j].key = "" // is ours alone
		}
	}
	return out
}
