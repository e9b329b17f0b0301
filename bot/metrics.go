package bot

import (
	"context"
	"errors"
	"strconv"
	"time"

	"github.com/bwmarrin/discordgo"
	"github.com/prometheus/client_golang/prometheus"

	"github.com/whosaid/whosaid/corpus"
)

// Metrics count what the bot does, for Prometheus. Labels come from fixed sets,
// never from what members type.
type Metrics struct {
	answers   *prometheus.CounterVec
	latency   *prometheus.HistogramVec
	verdicts  *prometheus.CounterVec
	requests  *prometheus.CounterVec
	limited   prometheus.Counter
	running   prometheus.Gauge
	shards    *prometheus.GaugeVec
	lost      prometheus.Counter
	twice     prometheus.Counter
	unsigned  prometheus.Counter
	undecoded prometheus.Counter
}

// NewMetrics makes the bot's metrics and registers them.
func NewMetrics(reg prometheus.Registerer) *Metrics {
	counter := func(name, help string) prometheus.CounterOpts {
		return prometheus.CounterOpts{Namespace: "whosaid", Name: name, Help: help}
	}
	m := &Metrics{
		answers: prometheus.NewCounterVec(counter("answers_total", "Interactions by command and by what became of them."), []string{"command", "outcome"}),
		latency: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Namespace: "whosaid", Name: "answer_seconds", Help: "Time from an interaction's arrival until its answer was sent.",
			Buckets: []float64{.005, .01, .02, .05, .1, .2, .5, 1, 1.5, 3, 10, 60},
		}, []string{"command"}),
		verdicts:  prometheus.NewCounterVec(counter("verdicts_total", "Checked claims by verdict."), []string{"verdict"}),
		requests:  prometheus.NewCounterVec(counter("discord_requests_total", "Requests to Discord's REST API by status; 0 stands for none."), []string{"method", "status"}),
		limited:   prometheus.NewCounter(counter("discord_rate_limited_total", "Requests that Discord answered with 429.")),
		running:   prometheus.NewGauge(prometheus.GaugeOpts{Namespace: "whosaid", Name: "handlers_running", Help: "Interactions being answered now."}),
		shards:    prometheus.NewGaugeVec(prometheus.GaugeOpts{Namespace: "whosaid", Name: "gateway_connected", Help: "1 while the shard is connected to Discord's gateway."}, []string{"shard"}),
		lost:      prometheus.NewCounter(counter("gateway_lost_total", "Connections to Discord's gateway that were lost.")),
		twice:     prometheus.NewCounter(counter("interactions_repeated_total", "Interactions that were delivered again and dropped.")),
		unsigned:  prometheus.NewCounter(counter("interactions_unsigned_total", "Requests to the interactions endpoint whose signature or time was refused.")),
		undecoded: prometheus.NewCounter(counter("interactions_undecodable_total", "Interactions that could not be read.")),
	}
	reg.MustRegister(m.answers, m.latency, m.verdicts, m.requests, m.limited, m.running, m.shards, m.lost, m.twice, m.unsigned, m.undecoded)
	return m
}

// answered counts an interaction.
func (m *Metrics) answered(command string, o outcome, took time.Duration) {
	m.answers.WithLabelValues(command, outcomeOf(o)).Inc()
	m.latency.WithLabelValues(command).Observe(took.Seconds())
	if o.Verdict != "" {
		m.verdicts.WithLabelValues(string(o.Verdict)).Inc()
	}
}

// outcomeOf sorts outcomes: answered, refused (the member can do better),
// busy, slow, lost (out of time, or answered by someone else), or failed.
func outcomeOf(o outcome) string {
	switch {
	case o.err == nil:
		return "answered"
	case errors.Is(o.err, errTooBusy):
		return "busy"
	case errors.Is(o.err, errLost):
		return "lost"
	case errors.Is(o.err, context.DeadlineExceeded):
		return "slow"
	}
	if _, expected := explain(o.err, ""); expected {
		return "refused"
	}
	return "failed"
}

// requested counts a request to Discord.
func (m *Metrics) requested(method string, err error) {
	status := 200
	var limited *discordgo.RateLimitError
	var rest *discordgo.RESTError
	switch {
	case errors.As(err, &limited):
		status = 429
		m.limited.Inc()
	case errors.As(err, &rest) && rest.Response != nil:
		status = rest.Response.StatusCode
	case err != nil:
		status = 0
	}
	m.requests.WithLabelValues(method, strconv.Itoa(status)).Inc()
}

// connected notes whether a shard is connected.
func (m *Metrics) connected(shard int, yes bool) {
	value := 0.0
	if yes {
		value = 1
	}
	m.shards.WithLabelValues(strconv.Itoa(shard)).Set(value)
}

// corpusCollector reports what the shared corpus holds at the time it is asked.
type corpusCollector struct {
	backend                                    Backend
	articles, quotes, speakers, size, builtAge *prometheus.Desc
}

// NewCorpusCollector reports the size of the shared corpus and of the index.
func NewCorpusCollector(b Backend) prometheus.Collector {
	desc := func(name, help string) *prometheus.Desc {
		return prometheus.NewDesc(prometheus.BuildFQName("whosaid", "", name), help, nil, nil)
	}
	return &corpusCollector{
		backend:  b,
		articles: desc("corpus_articles", "Articles of the shared corpus."),
		quotes:   desc("corpus_quotes", "Quotes of the shared corpus."),
		speakers: desc("corpus_speakers", "Speakers of the shared corpus."),
		size:     desc("index_bytes", "Size of the index on disk."),
		builtAge: desc("index_built_timestamp_seconds", "When the index was built; 0 when there is none."),
	}
}

// Describe implements prometheus.Collector.
func (c *corpusCollector) Describe(out chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{c.articles, c.quotes, c.speakers, c.size, c.builtAge} {
		out <- d
	}
}

// Collect implements prometheus.Collector.
func (c *corpusCollector) Collect(out chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	s, err := c.backend.Status(ctx, []string{corpus.SharedScope})
	if err != nil {
		out <- prometheus.NewInvalidMetric(c.articles, err)
		return
	}
	built := 0.0
	if !s.Built.IsZero() {
		built = float64(s.Built.Unix())
	}
	for d, v := range map[*prometheus.Desc]float64{
		c.articles: float64(s.Articles), c.quotes: float64(s.Quotes), c.speakers: float64(s.Speakers), c.size: float64(s.Bytes), c.builtAge: built,
	} {
		out <- prometheus.MustNewConstMetric(d, prometheus.GaugeValue, v)
	}
}
