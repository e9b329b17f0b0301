package cmd

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/knadh/koanf/parsers/toml/v2"
	"github.com/knadh/koanf/providers/env/v2"
	"github.com/knadh/koanf/providers/file"
	"github.com/knadh/koanf/providers/posflag"
	"github.com/knadh/koanf/v2"
	"github.com/spf13/pflag"
)

// settings are what flags, environment and configuration file say together.
type settings struct {
	Data      string `koanf:"data"`
	LogLevel  string `koanf:"log-level"`
	LogFormat string `koanf:"log-format"`
	// TokenFile names a file that holds the bot token; DISCORD_TOKEN goes first.
	TokenFile string `koanf:"token-file"`
	Addr      string `koanf:"addr"`
	// MetricsAddr and HTTPAddr are where serve listens, "" for nowhere.
	MetricsAddr string `koanf:"metrics-addr"`
	HTTPAddr    string `koanf:"http-addr"`
	// PublicKey is the application's, and needed with HTTPAddr.
	PublicKey string `koanf:"public-key"`
	// SharedByDefault and OperatorServer say who sees the shared corpus, and who looks after it.
	SharedByDefault bool   `koanf:"shared-by-default"`
	OperatorServer  string `koanf:"operator-server"`
}

// keys of the settings that the environment and the configuration file may give.
var settingKeys = []string{"data", "log-level", "log-format", "token-file", "addr", "metrics-addr", "http-addr", "public-key", "shared-by-default", "operator-server"}

func addSettingsFlags(f *pflag.FlagSet) {
	f.String("data", "", "folder that holds all whosaid keeps (default: "+defaultDataHint+")")
	f.String("config", "", "configuration file, TOML (default: "+defaultConfigHint+")")
	f.String("log-level", "info", "least important message logged: debug, info, warn, error")
	f.String("log-format", "text", "text or json")
}

const (
	defaultDataHint   = "$XDG_DATA_HOME/whosaid or ~/.local/share/whosaid"
	defaultConfigHint = "$XDG_CONFIG_HOME/whosaid/config.toml"
)

// loadSettings merges configuration file, environment and flags; the later win.
func loadSettings(flags *pflag.FlagSet) (settings, error) {
	k := koanf.New(".")
	if err := loadConfigFile(k, flags); err != nil {
		return settings{}, err
	}
	environment := env.Provider(".", env.Opt{
		Prefix: "WHOSAID_",
		TransformFunc: func(name, value string) (string, any) {
			if value == "" { // an empty variable is as good as none
				return "", nil
			}
			return strings.ReplaceAll(strings.ToLower(strings.TrimPrefix(name, "WHOSAID_")), "_", "-"), value
		},
	})
	if err := k.Load(environment, nil); err != nil {
		return settings{}, fmt.Errorf("reading WHOSAID_ variables: %w", err)
	}
	if err := k.Load(posflag.Provider(flags, ".", k), nil); err != nil {
		return settings{}, fmt.Errorf("reading flags: %w", err)
	}
	var s settings
	if err := k.Unmarshal("", &s); err != nil {
		return settings{}, fmt.Errorf("reading settings: %w", err)
	}
	if s.Data == "" {
		dir, err := userDir("XDG_DATA_HOME", ".local/share")
		if err != nil {
			return settings{}, fmt.Errorf("no data folder: %w (name one with --data DIR)", err)
		}
		s.Data = dir
	}
	return s, nil
}

// loadConfigFile reads the file that --config or WHOSAID_CONFIG names, which
// must exist, or else the user's own, which may be missing.
func loadConfigFile(k *koanf.Koanf, flags *pflag.FlagSet) error {
	path, _ := flags.GetString("config")
	if path == "" {
		path = os.Getenv("WHOSAID_CONFIG")
	}
	if path == "" {
		dir, err := userDir("XDG_CONFIG_HOME", ".config")
		if err != nil {
			return nil // no home, no file
		}
		path = filepath.Join(dir, "config.toml")
		if _, err := os.Stat(path); err != nil {
			return nil
		}
	}
	fromFile := koanf.New(".")
	if err := fromFile.Load(file.Provider(path), toml.Parser()); err != nil {
		return fmt.Errorf("reading configuration file %s: %w", path, err)
	}
	for _, key := range fromFile.Keys() {
		if !slices.Contains(settingKeys, key) {
			return usageError{fmt.Errorf("configuration file %s: no setting %q; there are %s", path, key, strings.Join(settingKeys, ", "))}
		}
	}
	return k.Merge(fromFile)
}

// userDir is whosaid's own folder under the one that the XDG variable names, or
// under the home folder.
func userDir(variable, underHome string) (string, error) {
	if base := os.Getenv(variable); filepath.IsAbs(base) {
		return filepath.Join(base, "whosaid"), nil
	}
	home, err := os.UserHomeDir()
	if err != nil {
		return "", err
	}
	return filepath.Join(home, underHome, "whosaid"), nil
}
