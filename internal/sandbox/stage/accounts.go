package stage

import (
	"fmt"
	"slices"
	"strings"
)

// accounts is an immutable picture of all accounts, swapped whole.
type accounts struct{ list []*Account }

// SetAccounts replaces all accounts. Nothing changes when one of them is wrong;
// the error is a *Problem.
func (s *Stage) SetAccounts(list []Account) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	next := &accounts{}
	for i, account := range list {
		if err := s.include(next, account); err != nil {
			return inside(fmt.Sprintf("accounts[%d]", i), err)
		}
	}
	s.accounts.Store(next)
	return nil
}

// AddAccount adds an account, or replaces the one with the same provider and id.
// The error is a *Problem.
func (s *Stage) AddAccount(account Account) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	next := &accounts{}
	for _, a := range s.accounts.Load().list {
		if a.Provider != account.Provider || a.AccountID != account.AccountID {
			next.list = append(next.list, a)
		}
	}
	if err := s.include(next, account); err != nil {
		return err
	}
	s.accounts.Store(next)
	return nil
}

// include checks an account against the others and adds it.
func (s *Stage) include(to *accounts, account Account) error {
	if _, known := s.Side(account.Provider); !known {
		return problem("provider", "%q is not played here", account.Provider)
	}
	if err := account.check(); err != nil {
		return err
	}
	for _, other := range to.list {
		if other.Provider != account.Provider {
			continue
		}
		if other.AccountID == account.AccountID {
			return problem("accountId", "%q is there twice", account.AccountID)
		}
		for i, sender := range account.Senders {
			if _, taken := other.SenderByAddress(sender.Address); taken {
				return problem(fmt.Sprintf("senders[%d].address", i), "%s belongs to account %s", sender.Address, other.AccountID)
			}
			if _, taken := other.SenderByRef(sender.Ref); taken {
				return problem(fmt.Sprintf("senders[%d].ref", i), "%s belongs to account %s", sender.Ref, other.AccountID)
			}
		}
	}
	account.Senders = slices.Clone(account.Senders)
	account.Templates = slices.Clone(account.Templates)
	to.list = append(to.list, &account)
	return nil
}

// Accounts lists all accounts. They must not be changed.
func (s *Stage) Accounts() []*Account { return s.accounts.Load().list }

// Account finds an account by its provider's id.
func (s *Stage) Account(provider, id string) (*Account, bool) {
	for _, a := range s.accounts.Load().list {
		if a.Provider == provider && a.AccountID == id {
			return a, true
		}
	}
	return nil, false
}

// AccountOfRef finds the account that has a sender with the provider's own id.
func (s *Stage) AccountOfRef(provider, ref string) (*Account, Sender, bool) {
	for _, a := range s.accounts.Load().list {
		if a.Provider != provider {
			continue
		}
		if sender, found := a.SenderByRef(ref); found {
			return a, sender, true
		}
	}
	return nil, Sender{}, false
}

// accountOfAddress finds the account that has the number. The provider may be
// empty when only one has it.
func (s *Stage) accountOfAddress(provider, address string) (*Account, Sender, error) {
	var found *Account
	var at Sender
	for _, a := range s.accounts.Load().list {
		if provider != "" && a.Provider != provider {
			continue
		}
		sender, has := a.SenderByAddress(address)
		if !has {
			continue
		}
		if found != nil {
			return nil, Sender{}, problem("provider", "must say which one: %s and %s both have %s", found.Provider, a.Provider, address)
		}
		found, at = a, sender
	}
	if found == nil {
		return nil, Sender{}, problem("to", "%s is not a number of any account here; %s", address, s.numbers())
	}
	return found, at, nil
}

// numbers says which numbers there are, for somebody who named another.
func (s *Stage) numbers() string {
	var list []string
	for _, a := range s.accounts.Load().list {
		for _, sender := range a.Senders {
			list = append(list, sender.Address+" ("+a.Provider+")")
		}
	}
	if len(list) == 0 {
		return "there are no accounts yet"
	}
	const most = 10
	if len(list) > most {
		list = append(list[:most], "…")
	}
	return "there is " + strings.Join(list, ", ")
}

func inside(where string, err error) error {
	if p, ok := err.(*Problem); ok { //nolint:errorlint // made here, never wrapped
		return &Problem{Field: where + "." + p.Field, Text: p.Text}
	}
	return err
}
