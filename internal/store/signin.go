package store

import (
	"context"
	"crypto/sha256"
	"errors"
	"time"

	"converse/internal/chat"
	"converse/internal/store/db"
)

// questions are asked for many at once: what ten thousand clients ask at the same
// moment when a node has gone and they all come back, and the messages of a busy org.
type questions struct {
	principals gather[digest, chat.Principal]
	widgets    gather[digest, chat.Principal]
	newTickets gather[newTicket, struct{}]
	tickets    gather[digest, chat.Principal]
	received   gather[arrived, CallbackEnd]
}

// digest is the SHA-256 of a token or a ticket.
type digest [sha256.Size]byte

type newTicket struct {
	hash digest
	who  chat.Principal
	life time.Duration
}

func (s *Store) prepareQuestions() {
	// Two questions of a kind keep PostgreSQL busy while the answers of one are handed out.
	const asking, together = 2, 500
	s.questions = questions{
		principals: gather[digest, chat.Principal]{ask: principalsBy(s.queries().SignInsByToken), mostAsking: asking, mostTogether: together},
		widgets: gather[digest, chat.Principal]{
			ask: principalsBy(s.queries().SignInsByWidgetToken), mostAsking: asking, mostTogether: together,
		},
		newTickets: gather[newTicket, struct{}]{ask: s.makeTickets, mostAsking: asking, mostTogether: together},
		tickets:    gather[digest, chat.Principal]{ask: s.takeTickets, mostAsking: asking, mostTogether: together},
		// Each waits for the disk once. More at once leave less to be stored together.
		received: gather[arrived, CallbackEnd]{
			ask: s.receiveMany, group: func(a arrived) string { return string(a.org) }, mostAsking: 8, mostTogether: 32,
		},
	}
}

func (q *questions) stop() {
	q.principals.stop()
	q.widgets.stop()
	q.newTickets.stop()
	q.tickets.stop()
	q.received.stop()
}

// CreateSignIn stores a sign-in by the SHA-256 of its token.
func (s *Store) CreateSignIn(ctx context.Context, p chat.Principal, tokenHash [sha256.Size]byte, expires time.Time) error {
	return s.inOrg(ctx, p.Org, func(t *tx) error {
		return t.InsertSignIn(ctx, db.InsertSignInParams{
			OrgID: p.Org, ID: p.SignIn, UserID: p.User, Via: p.Via, TokenHash: tokenHash[:], ExpiresAt: expires,
			Agent: p.Agent, Address: p.Address,
		})
	})
}

// PrincipalByToken finds who a token belongs to by its SHA-256. ok is false for a
// token that is unknown, ended or expired, or whose user is not active.
func (s *Store) PrincipalByToken(ctx context.Context, tokenHash [sha256.Size]byte) (p chat.Principal, ok bool, err error) {
	p, err = s.questions.principals.do(ctx, tokenHash)
	return p, p.User != "" && err == nil, err
}

// principalsBy asks for principals by hashes; one that is not found is the zero principal.
func principalsBy(find func(context.Context, [][]byte) ([]db.PrincipalRow, error)) func(context.Context, []digest) ([]chat.Principal, error) {
	return func(ctx context.Context, hashes []digest) ([]chat.Principal, error) {
		rows, err := find(ctx, bytesOf(hashes))
		if err != nil {
			return nil, err
		}
		found, err := byHash(rows)
		if err != nil {
			return nil, err
		}
		out := make([]chat.Principal, len(hashes))
		for i, hash := range hashes {
			out[i] = found[hash]
		}
		return out, nil
	}
}

// EndSignIn ends a sign-in and tells its sockets. Ending it twice is not an error.
func (s *Store) EndSignIn(ctx context.Context, p chat.Principal) error {
	return s.inOrg(ctx, p.Org, func(t *tx) error {
		ended, err := t.Queries.EndSignIn(ctx, db.EndSignInParams{OrgID: p.Org, ID: p.SignIn})
		if err != nil || ended == 0 {
			return err
		}
		return t.publish(chat.UserTopic(p.User), chat.Event{SignedOut: &chat.SignedOut{SignIn: p.SignIn}})
	})
}

// Fallen returns those of what an org's open sessions stand on that are over: of a
// sign-in that has ended or expired, of a user who is not active any more, or of one who
// may see something else by now.
func (s *Store) Fallen(ctx context.Context, org chat.OrgID, list []chat.Standing) ([]chat.Fallen, error) {
	p := db.FallenSignInsParams{OrgID: org, Ids: make([]string, len(list)), Versions: make([]int, len(list))}
	for i, standing := range list {
		p.Ids[i], p.Versions[i] = string(standing.SignIn), standing.AccessVersion
	}
	var out []chat.Fallen
	err := s.inOrg(ctx, org, func(t *tx) error {
		rows, err := t.FallenSignIns(ctx, p)
		out = convert(rows, func(r db.FallenSignInsRow) chat.Fallen {
			return chat.Fallen{Standing: chat.Standing{SignIn: chat.SignInID(r.ID), AccessVersion: r.Version}, Ended: r.Ended}
		})
		return err
	})
	return out, err
}

// CreateTicket stores a socket ticket by its SHA-256. It works once, for as long as
// life.
func (s *Store) CreateTicket(ctx context.Context, p chat.Principal, hash [sha256.Size]byte, life time.Duration) error {
	_, err := s.questions.newTickets.do(ctx, newTicket{hash: hash, who: p, life: life})
	return err
}

func (s *Store) makeTickets(ctx context.Context, list []newTicket) ([]struct{}, error) {
	var p db.InsertTicketsParams
	for _, n := range list {
		p.Hashes = append(p.Hashes, n.hash[:])
		p.OrgIds = append(p.OrgIds, string(n.who.Org))
		p.UserIds = append(p.UserIds, string(n.who.User))
		p.SignInIds = append(p.SignInIds, string(n.who.SignIn))
		p.Lives = append(p.Lives, n.life)
	}
	return make([]struct{}, len(list)), s.queries().InsertTickets(ctx, p)
}

// TakeTicket uses up a ticket. ok is false when it is unknown, expired or was taken.
func (s *Store) TakeTicket(ctx context.Context, hash [sha256.Size]byte) (p chat.Principal, ok bool, err error) {
	p, err = s.questions.tickets.do(ctx, hash)
	return p, p.User != "" && err == nil, err
}

func (s *Store) takeTickets(ctx context.Context, hashes []digest) ([]chat.Principal, error) {
	rows, err := s.queries().TakeTickets(ctx, bytesOf(hashes))
	if err != nil {
		return nil, err
	}
	taken, err := byHash(rows)
	if err != nil {
		return nil, err
	}
	out := make([]chat.Principal, len(hashes))
	for i, hash := range hashes {
		out[i] = taken[hash]
		delete(taken, hash) // two who show the same ticket at once: the first has it
	}
	return out, nil
}

// ForgetSignIns deletes sign-ins, tickets, widget tokens and attempts to sign in that
// can no longer be used.
func (s *Store) ForgetSignIns(ctx context.Context) error {
	return errors.Join(s.queries().ForgetSignIns(ctx), s.queries().ForgetAttempts(ctx))
}

func byHash(rows []db.PrincipalRow) (map[digest]chat.Principal, error) {
	out := make(map[digest]chat.Principal, len(rows))
	for _, r := range rows {
		p := chat.Principal{
			Org: r.OrgID, User: r.UserID, SignIn: r.SignInID, Name: r.Name, Role: r.Role, Via: r.Via, AccessVersion: r.AccessVersion,
		}
		access, err := accessOf(r.Access)
		if err != nil {
			return nil, err
		}
		p.Access = access
		out[digest(r.Hash)] = p
	}
	return out, nil
}

func bytesOf(hashes []digest) [][]byte {
	out := make([][]byte, len(hashes))
	for i := range hashes {
		out[i] = hashes[i][:]
	}
	return out
}
