package history_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"regexp"
	"time"
)

// leadKey is what the texts of leads begin with, in every run.
var leadKey = regexp.MustCompile(`^lead\d+-\d+$`)

// lead is somebody who writes to our numbers from a phone.
type lead struct {
	name     string
	phone    string
	numbers  []string
	provider *provider
	log      *chronicle
	dice     *rand.Rand
	wrote    int
	letters  []letter // what was written, with the provider's ids
}

func newLead(n int, phone string, in *installation, log *chronicle) *lead {
	name := fmt.Sprintf("lead%d", n)
	return &lead{
		name: name, phone: phone, provider: in.provider, log: log, dice: dice(in.seed, name),
		numbers: []string{in.senders["whatsapp_cloud"], in.senders["ctm"]},
	}
}

// act writes until the context ends.
func (l *lead) act(ctx, end context.Context, pace time.Duration) {
	for pause(ctx, about(l.dice, pace)) {
		if oneIn(l.dice, 6) && len(l.letters) > 0 {
			l.repeat(end)
			continue
		}
		l.write(end, l.numbers[l.dice.IntN(len(l.numbers))])
	}
}

// write sends one message, often posted several times at once, to both nodes.
func (l *lead) write(ctx context.Context, to string) string {
	l.wrote++
	text := fmt.Sprintf("%s-%03d %s", l.name, l.wrote, sentences[l.dice.IntN(len(sentences))])
	sheet := letter{To: to, From: l.phone, Text: text, Times: 1}
	if oneIn(l.dice, 3) {
		sheet.Times = 2 + l.dice.IntN(3)
	}
	l.log.note(l.name, keyOf(text), "writes to %s, posted %d times", to, sheet.Times)
	got, err := l.provider.write(ctx, sheet)
	if err != nil {
		l.log.note(l.name, keyOf(text), "could not write: %v", err)
		return ""
	}
	sheet.ID = got.ID
	l.letters = append(l.letters, sheet)
	l.log.note(l.name, keyOf(text), "is known to the provider as %s; first answers %d %v", got.ID, got.Delivered, got.Deliveries)
	l.log.wrote(written{From: l.phone, To: to, Text: text, ID: got.ID})
	return got.ID
}

// repeat has the provider post an earlier message again, as it was.
func (l *lead) repeat(ctx context.Context) {
	again := l.letters[l.dice.IntN(len(l.letters))]
	again.Times = 1 + l.dice.IntN(2)
	l.log.note(l.name, keyOf(again.Text), "is posted again, %d times", again.Times)
	if _, err := l.provider.write(ctx, again); err != nil {
		l.log.note(l.name, keyOf(again.Text), "could not be posted again: %v", err)
	}
	l.log.count("messages repeated by the provider")
}
