package scenario

import (
	"context"
	"fmt"

	"github.com/google/uuid"

	"converse/bench/load"
	"converse/bench/ourhub"
	"converse/bench/payload"
	"converse/bench/side"
	"converse/internal/chat"
)

// crowd is the sessions of a comparison, the same on every side: topics in number,
// and sessions that take turns among them.
type crowd struct {
	topics   int
	sessions int
	// own: each session also follows a topic of its user's own.
	own bool
}

// idOf is an id that is the same in every run.
func idOf(parts ...any) string {
	return uuid.NewSHA1(uuid.NameSpaceOID, []byte(fmt.Sprintln(parts...))).String()
}

func topic(n int) string { return string(chat.OrgTopic(chat.OrgID(idOf("org", n)))) }

// identity is who the nth session belongs to.
func (c crowd) identity(n int) side.Identity {
	i := side.Identity{Org: idOf("org", n%c.topics), User: idOf("user", n), Topics: []string{topic(n % c.topics)}, Ticket: idOf("ticket", n)}
	if c.own {
		i.Topics = append(i.Topics, string(chat.UserTopic(chat.UserID(i.User))))
	}
	return i
}

// connecting is how many sessions are being opened at a time.
const connecting = 64

// open opens all sessions on a side's servers, those of one topic in turns.
func (c crowd) open(ctx context.Context, s *servers, f *load.Fleet) error {
	if s.dialect.Name == side.Ours.Name {
		tickets := make([]ourhub.Ticket, c.sessions)
		for n := range tickets {
			i := c.identity(n)
			tickets[n] = ourhub.Ticket{Word: i.Ticket, Org: i.Org, User: i.User, SignIn: idOf("sign-in", n)}
		}
		if err := s.register(tickets); err != nil {
			return err
		}
	}
	_, err := f.Open(ctx, s.dialect, c.sessions, connecting, func(n int) load.Session {
		return load.Session{Addr: s.addrs[n/c.topics%len(s.addrs)], Topic: uint16(n % c.topics), Identity: c.identity(n)}
	})
	return err
}

// publish is how an event is published to a side's server.
func (c crowd) publish(d side.Dialect, maker payload.Maker) load.Post {
	paths := make([]string, c.topics)
	for n := range paths {
		paths[n] = "/publish?topic=" + topic(n)
	}
	return func(caller *load.Caller, m payload.Mark) error {
		body, err := d.Body(maker, m.String())
		if err != nil {
			return err
		}
		_, err = caller.Post(paths[m.Topic], "", body)
		return err
	}
}
