package bot

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"strconv"
	"strings"

	"github.com/bwmarrin/discordgo"
	"github.com/prometheus/client_golang/prometheus"
)

// Level says how bad a finding is.
type Level string

// The levels of findings.
const (
	OK   Level = "ok"
	Warn Level = "warning" // the bot works, but less well than it could
	Fail Level = "failed"  // the bot can't work
)

// Finding is what one check of a setup came to.
type Finding struct {
	Check  string // what was looked at, in a word or two
	Level  Level
	Detail string // what was seen
	Hint   string // what to do about it; "" when it's fine
}

// wanted are the permissions that the bot can use in a server, and what lacks without
// them. Answers to commands need none.
var wanted = []struct {
	bit  int64
	name string
}{
	{discordgo.PermissionViewChannel, "View Channels"}, {discordgo.PermissionSendMessages, "Send Messages"},
	{discordgo.PermissionAttachFiles, "Attach Files"},
}

// privileged are the application flags of intents that Discord grants on
// request; the bot needs none of them.
const privileged = 1<<12 | 1<<13 | 1<<14 | 1<<15 | 1<<18 | 1<<19

// Diagnose asks Discord whether the bot could work as c sets it up, and changes
// nothing. It looks no further once the token is refused.
func Diagnose(ctx context.Context, c Config) []Finding {
	var transport http.RoundTripper
	if c.HTTPClient != nil {
		transport = c.HTTPClient.Transport
	}
	d := &doctor{
		ctx: ctx, config: c,
		sender: newSender(newSession(c.Token, nil), transport, slog.New(slog.DiscardHandler), NewMetrics(prometheus.NewRegistry())),
	}
	if d.token() {
		d.application()
		d.gateway()
		d.servers()
	}
	return d.findings
}

// doctor collects findings.
type doctor struct {
	ctx      context.Context // of one Diagnose
	config   Config
	sender   *sender
	appID    string
	findings []Finding
}

func (d *doctor) say(check string, level Level, detail, hint string) {
	d.findings = append(d.findings, Finding{check, level, detail, hint})
}

// get reads an object of Discord's, or says that it can't.
func (d *doctor) get(check, path string, into any) bool {
	b, err := d.sender.request(d.ctx, http.MethodGet, discordgo.EndpointAPI+path, nil)
	if err == nil {
		err = json.Unmarshal(b, into)
	}
	switch {
	case err == nil:
		return true
	case fatal(err) != nil:
		d.say(check, Fail, "Discord refuses the token", "Copy it anew from the developer portal (Bot, Reset Token), without “Bot ” before it.")
	default:
		d.say(check, Fail, "Discord can't be asked: "+err.Error(), "Can this machine reach discord.com on port 443? A proxy is taken from HTTPS_PROXY.")
	}
	return false
}

// token reports whether the token is good.
func (d *doctor) token() bool {
	var self struct {
		Username string `json:"username"`
	}
	if !d.get("token", "users/@me", &self) {
		return false
	}
	d.say("token", OK, "it is "+Plain(self.Username, 100)+"'s", "")
	return true
}

// application looks at how the developer portal has the bot set up.
func (d *doctor) application() {
	var app struct {
		ID       string  `json:"id"`
		Flags    int64   `json:"flags"`
		Key      string  `json:"verify_key"`
		Endpoint *string `json:"interactions_endpoint_url"`
	}
	if !d.get("application", "applications/@me", &app) {
		return
	}
	d.appID = app.ID
	overHTTP, endpoint := d.config.PublicKey != "", app.Endpoint != nil && *app.Endpoint != ""
	switch {
	case overHTTP && !strings.EqualFold(d.config.PublicKey, app.Key):
		d.say("public key", Fail, "it is not this application's", "Copy it from the developer portal (General Information, Public Key).")
	case overHTTP && !endpoint:
		d.say("interactions", Fail, "the application has no interactions endpoint", "Enter the address at which Discord reaches --http-addr in the developer portal (General Information).")
	case !overHTTP && endpoint:
		d.say("interactions", Fail, "Discord sends them to the application's endpoint, so the gateway gets none", "Serve with --http-addr and --public-key, or empty the field in the developer portal (General Information).")
	case overHTTP:
		d.say("interactions", OK, "they come over HTTP", "")
	default:
		d.say("interactions", OK, "they come over the gateway", "")
	}
	if app.Flags&privileged != 0 {
		d.say("intents", OK, "privileged intents are on, of which the bot uses none", "You may turn them off in the developer portal (Bot).")
	} else {
		d.say("intents", OK, "no privileged one is needed, and none is on", "")
	}
	d.commands()
}

// commands looks at what is registered.
func (d *doctor) commands() {
	var have []Command
	if !d.get("commands", "applications/"+d.appID+"/commands", &have) {
		return
	}
	if len(have) == 0 {
		d.say("commands", Warn, "none are registered yet", "They are registered when “whosaid serve” connects for the first time.")
		return
	}
	d.say("commands", OK, strconv.Itoa(len(have))+" are registered", "")
}

// gateway asks whether the bot may connect.
func (d *doctor) gateway() {
	r, err := recommend(d.ctx, d.sender)
	switch {
	case err != nil:
		d.say("gateway", Fail, err.Error(), "Can this machine reach discord.com on port 443?")
	case r.wait() > 0:
		d.say("gateway", Fail, "the sessions of this day are used up", fmt.Sprintf("Find out why the bot restarts so often; Discord lets it connect again in %s.", r.wait()))
	case r.Shards > maxShards && d.config.PublicKey == "":
		d.say("gateway", Fail, fmt.Sprintf("Discord recommends %d shards; one process keeps at most %d", r.Shards, maxShards), "Use the interactions endpoint: --http-addr and --public-key.")
	default:
		d.say("gateway", OK, fmt.Sprintf("%d shards are recommended, %d of %d sessions left today", r.Shards, r.Limit.Remaining, r.Limit.Total), "")
	}
}

// servers looks at the bot's permissions in the servers that it is in.
func (d *doctor) servers() {
	var guilds []struct {
		Name        string `json:"name"`
		Permissions string `json:"permissions"`
	}
	if !d.get("servers", "users/@me/guilds", &guilds) {
		return
	}
	if len(guilds) == 0 {
		d.say("servers", Warn, "the bot is in none", "Open https://discord.com/oauth2/authorize?client_id="+d.appID+"&scope=bot+applications.commands&permissions=35840 and add it.")
		return
	}
	lacking := 0
	for _, g := range guilds {
		have, err := strconv.ParseInt(g.Permissions, 10, 64)
		if err != nil || have&discordgo.PermissionAdministrator != 0 {
			continue
		}
		var missing []string
		for _, w := range wanted {
			if have&w.bit == 0 {
				missing = append(missing, w.name)
			}
		}
		if len(missing) > 0 {
			lacking++
			d.say("permissions", Warn, "in "+Plain(g.Name, 100)+" the bot lacks "+strings.Join(missing, ", "),
				"Answers work without them; pictures and the reports of long reindexes may not. Server Settings, Roles, the bot's role.")
		}
	}
	if lacking == 0 {
		d.say("permissions", OK, fmt.Sprintf("all that it can use, in %d servers", len(guilds)), "")
	}
}
