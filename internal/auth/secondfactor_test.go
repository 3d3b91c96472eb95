package auth_test

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"
	"github.com/stretchr/testify/require"

	"converse/internal/auth"
	"converse/internal/chat"
)

func TestSigningInWithASecondFactorTakesTwoSteps(t *testing.T) {
	t.Parallel()
	p := enrolled(t)
	challenge := p.challenge(t)
	_, err := p.Authenticate(t.Context(), challenge)
	require.Equal(t, chat.CodeUnauthenticated, chat.CodeOf(err), "a challenge is no token")
	in, err := p.verify(t, challenge, p.code(t, 0))
	require.NoError(t, err)
	who, err := p.Authenticate(t.Context(), in.Token)
	require.NoError(t, err)
	require.Equal(t, p.user.User, who.User)
	require.Equal(t, chat.ViaSignIn, who.Via)
	require.Equal(t, p.user.User, in.User.ID)

	_, err = p.verify(t, challenge, p.code(t, 1))
	require.Equal(t, chat.ReasonChallengeOver, reasonOf(err), "it is used up")
	late := p.challenge(t)
	p.exec(t, "update challenges set expires_at = now()")
	_, err = p.verify(t, late, p.code(t, 1))
	require.Equal(t, chat.ReasonChallengeOver, reasonOf(err))
	for _, word := range []string{"", "x", challenge[:len(challenge)-1], challenge + "a", "!" + challenge[1:]} {
		_, err = p.verify(t, word, p.code(t, 1))
		require.Equal(t, chat.CodeUnauthenticated, chat.CodeOf(err), word)
	}
}

func TestACodeIsTakenOnce(t *testing.T) {
	t.Parallel()
	p := enrolled(t)
	code := p.code(t, 0)
	_, err := p.verify(t, p.challenge(t), code)
	require.NoError(t, err)
	challenge := p.challenge(t)
	for range 5 {
		_, err = p.verify(t, challenge, code)
		require.Equal(t, chat.ReasonWrongCode, reasonOf(err))
		require.ErrorContains(t, err, "used already", "and it is no guess that locks")
	}
	_, err = p.verify(t, challenge, p.code(t, -1))
	require.Equal(t, chat.ReasonWrongCode, reasonOf(err), "nor one before it")
	_, err = p.verify(t, challenge, p.code(t, 1))
	require.NoError(t, err)
}

func TestManyWithOneCodeAreOne(t *testing.T) {
	t.Parallel()
	p := enrolled(t)
	code := p.code(t, 0)
	var challenges []string
	for range 10 {
		challenges = append(challenges, p.challenge(t))
	}
	require.Equal(t, 1, p.race(t, challenges, func(string) auth.Code { return auth.Code{Code: code, From: "here"} }))
}

func TestThreeWrongCodesLockForHalfAnHour(t *testing.T) {
	t.Parallel()
	p := enrolled(t)
	challenge := p.challenge(t)
	for n := range 2 {
		_, err := p.verify(t, challenge, p.wrong(t))
		require.Equal(t, chat.ReasonWrongCode, reasonOf(err), n)
	}
	_, err := p.verify(t, challenge, p.wrong(t))
	require.Equal(t, chat.ReasonLocked, reasonOf(err), "the third")
	var known *chat.Error
	require.ErrorAs(t, err, &known)
	require.WithinDuration(t, time.Now().Add(30*time.Minute), known.RetryAt, 10*time.Second)

	locked := func(why string) {
		t.Helper()
		_, err := p.fresh().LogIn(t.Context(), email, password, "elsewhere")
		require.Equal(t, chat.ReasonLocked, reasonOf(err), why)
		for _, shown := range []auth.Code{{Code: p.code(t, 0), From: "elsewhere"}, {Recovery: p.recovery[0], From: "elsewhere"}} {
			err = p.Disable(t.Context(), p.user, shown)
			require.Equal(t, chat.ReasonLocked, reasonOf(err), why)
		}
		_, err = p.verify(t, challenge, p.code(t, 0))
		require.Equal(t, chat.ReasonChallengeOver, reasonOf(err), "what was half way has to begin again")
	}
	locked("another node and another address agree, and the right code is refused too")
	p.exec(t, "update code_failures set locked_until = locked_until - interval '29 minutes 50 seconds'")
	locked("for the whole half hour")
	p.exec(t, "update code_failures set locked_until = now(), last_at = last_at - interval '30 minutes'")
	challenge = p.challenge(t)
	_, err = p.verify(t, challenge, p.wrong(t))
	require.Equal(t, chat.ReasonWrongCode, reasonOf(err), "then there are three tries again")
	_, err = p.verify(t, challenge, p.code(t, 0))
	require.NoError(t, err)
	require.Equal(t, 1, p.count(t, "select count(*) from audit_entries where action = 'second_factor.locked' and object = $1", p.user.User))
}

func TestASuccessForgetsWrongCodes(t *testing.T) {
	t.Parallel()
	p := enrolled(t)
	for step := range 2 {
		challenge := p.challenge(t)
		for range 2 {
			_, err := p.verify(t, challenge, p.wrong(t))
			require.Equal(t, chat.ReasonWrongCode, reasonOf(err))
		}
		_, err := p.verify(t, challenge, p.code(t, step))
		require.NoError(t, err)
	}
}

// TestManyGuessesAtOnceAreThree: they wait for each other, and the lock is looked at
// where the waiting is over.
func TestManyGuessesAtOnceAreThree(t *testing.T) {
	t.Parallel()
	p := enrolled(t)
	challenge := p.challenge(t)
	nodes := []*auth.SignIns{p.SignIns, p.fresh()}
	var mu sync.Mutex
	reasons := map[string]int{}
	var wg sync.WaitGroup
	for n := range 30 {
		wg.Go(func() {
			_, err := nodes[n%2].VerifyCode(t.Context(), challenge, auth.Code{Code: p.wrong(t), From: fmt.Sprint(n)})
			mu.Lock()
			defer mu.Unlock()
			reasons[reasonOf(err)]++
		})
	}
	wg.Wait()
	require.Equal(t, 2, reasons[chat.ReasonWrongCode], "%v", reasons)
	require.Equal(t, 28, reasons[chat.ReasonLocked]+reasons[chat.ReasonChallengeOver], "%v", reasons)
	require.Equal(t, 3, p.count(t, "select wrong from code_failures where kind = 'user'"))
}

// TestAnAddressThatGuessesForManyIsLocked: thirty wrong codes, whosever they were. An
// office with three people who mistype goes on.
func TestAnAddressThatGuessesForManyIsLocked(t *testing.T) {
	t.Parallel()
	p := enrolled(t)
	challenge := p.challenge(t)
	p.exec(t, "insert into code_failures (org_id, kind, subject, wrong, last_at) values ($1, 'address', 'here', 28, now())", p.Org)
	_, err := p.verify(t, challenge, p.wrong(t))
	require.Equal(t, chat.ReasonWrongCode, reasonOf(err))
	_, err = p.verify(t, challenge, p.wrong(t))
	require.Equal(t, chat.ReasonLocked, reasonOf(err))
	_, err = p.verify(t, challenge, p.code(t, 0))
	require.Equal(t, chat.ReasonLocked, reasonOf(err))
	_, err = p.VerifyCode(t.Context(), challenge, auth.Code{Code: p.code(t, 0), From: "elsewhere"})
	require.NoError(t, err, "from elsewhere the user signs in")
}

func TestARecoveryCodeIsTakenOnce(t *testing.T) {
	t.Parallel()
	p := enrolled(t)
	require.Len(t, p.recovery, 10)
	for _, code := range p.recovery {
		require.Regexp(t, `^([A-Z2-7]{4}-){3}[A-Z2-7]{4}$`, code)
	}
	spelling := " " + string([]byte{p.recovery[0][0] | 0x20}) + p.recovery[0][1:4] + p.recovery[0][5:] + "\n"
	_, err := p.VerifyCode(t.Context(), p.challenge(t), auth.Code{Recovery: spelling, From: "here"})
	require.NoError(t, err, "however it is typed")
	_, err = p.VerifyCode(t.Context(), p.challenge(t), auth.Code{Recovery: p.recovery[0], From: "here"})
	require.Equal(t, chat.ReasonWrongCode, reasonOf(err))
	state, err := p.SecondFactor(t.Context(), p.user)
	require.NoError(t, err)
	require.Equal(t, 9, state.CodesLeft)

	var challenges []string
	for range 10 {
		challenges = append(challenges, p.challenge(t))
	}
	require.Equal(t, 1, p.race(t, challenges, func(string) auth.Code { return auth.Code{Recovery: p.recovery[1], From: "there"} }))
}

func TestNewRecoveryCodesEndTheOldOnes(t *testing.T) {
	t.Parallel()
	p := enrolled(t)
	_, err := p.ReplaceRecoveryCodes(t.Context(), p.user, auth.Code{Code: p.wrong(t), From: "here"})
	require.Equal(t, chat.ReasonWrongCode, reasonOf(err))
	made, err := p.ReplaceRecoveryCodes(t.Context(), p.user, auth.Code{Code: p.code(t, 0), From: "here"})
	require.NoError(t, err)
	require.Len(t, made, 10)
	_, err = p.VerifyCode(t.Context(), p.challenge(t), auth.Code{Recovery: p.recovery[5], From: "here"})
	require.Equal(t, chat.ReasonWrongCode, reasonOf(err))
	_, err = p.VerifyCode(t.Context(), p.challenge(t), auth.Code{Recovery: made[5], From: "here"})
	require.NoError(t, err)
}

func TestTurningASecondFactorOffTakesACode(t *testing.T) {
	t.Parallel()
	p := enrolled(t)
	require.Equal(t, chat.ReasonWrongCode, reasonOf(p.Disable(t.Context(), p.user, auth.Code{Code: p.wrong(t), From: "here"})))
	_, err := p.Enrol(t.Context(), p.user, email)
	require.Equal(t, chat.CodeConflict, chat.CodeOf(err), "nor is it replaced without")
	require.NoError(t, p.Store.SetSecondFactorPolicy(t.Context(), p.Admin, []chat.Role{chat.RoleSalesUser}))
	require.Equal(t, chat.CodeBlocked, chat.CodeOf(p.Disable(t.Context(), p.user, auth.Code{Code: p.code(t, 0), From: "here"})))
	require.NoError(t, p.Store.SetSecondFactorPolicy(t.Context(), p.Admin, nil))
	require.NoError(t, p.Disable(t.Context(), p.user, auth.Code{Code: p.code(t, 0), From: "here"}))
	in, err := p.LogIn(t.Context(), email, password, "here")
	require.NoError(t, err)
	require.NotEmpty(t, in.Token)
}

func TestAnAdministratorUnlocksAndResets(t *testing.T) {
	t.Parallel()
	p := enrolled(t)
	challenge := p.challenge(t)
	for range 3 {
		_, _ = p.verify(t, challenge, p.wrong(t))
	}
	listed, err := p.Store.SecondFactors(t.Context(), p.Org)
	require.NoError(t, err)
	for _, f := range listed {
		require.Equal(t, f.User == p.user.User, f.Enabled)
		require.Equal(t, f.User == p.user.User, !f.LockedUntil.IsZero())
	}
	require.NoError(t, p.Store.UnlockSecondFactor(t.Context(), p.Admin, p.user.User))
	_, err = p.verify(t, p.challenge(t), p.code(t, 0))
	require.NoError(t, err)
	half := p.challenge(t)
	require.NoError(t, p.Store.ResetSecondFactor(t.Context(), p.Admin, p.user.User))
	_, err = p.verify(t, half, p.code(t, 1))
	require.Equal(t, chat.ReasonChallengeOver, reasonOf(err))
	in, err := p.LogIn(t.Context(), email, password, "here")
	require.NoError(t, err)
	require.NotEmpty(t, in.Token)
	require.Zero(t, p.count(t, "select count(*) from recovery_codes"))
}

// TestWhoMustHaveASecondFactorCanDoNothingElseFirst: the sign-in is replaced by a full
// one, with another token, once they have it.
func TestWhoMustHaveASecondFactorCanDoNothingElseFirst(t *testing.T) {
	t.Parallel()
	s := setup(t)
	require.NoError(t, s.Store.SetSecondFactorPolicy(t.Context(), s.Admin, []chat.Role{chat.RoleSalesUser}))
	in, err := s.LogIn(t.Context(), email, password, "here")
	require.NoError(t, err)
	require.True(t, in.MustEnrol)
	require.WithinDuration(t, time.Now().Add(30*time.Minute), in.Expires, 10*time.Second)
	p, err := s.Authenticate(t.Context(), in.Token)
	require.NoError(t, err)
	require.Equal(t, chat.ViaEnrol, p.Via)

	made, err := s.Enrol(t.Context(), p, email)
	require.NoError(t, err)
	phone := &phone{stored: s, user: p, secret: made.Secret}
	_, err = s.ConfirmEnrolment(t.Context(), p, auth.Code{Code: phone.wrong(t)})
	require.Equal(t, chat.ReasonWrongCode, reasonOf(err))
	on, err := s.ConfirmEnrolment(t.Context(), p, auth.Code{Code: phone.code(t, 0)})
	require.NoError(t, err)
	_, err = s.Authenticate(t.Context(), in.Token)
	require.Equal(t, chat.CodeUnauthenticated, chat.CodeOf(err))
	who, err := s.Authenticate(t.Context(), on.Token)
	require.NoError(t, err)
	require.Equal(t, chat.ViaSignIn, who.Via)
	_, err = phone.verify(t, phone.challenge(t), phone.code(t, 0))
	require.ErrorContains(t, err, "used already", "the code that confirmed counts as used")
}

func TestACodeOfANearStepIsRight(t *testing.T) {
	t.Parallel()
	const secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ" // RFC 6238's
	now := time.Unix(1111111109, 0)
	for steps, right := range map[int]bool{-2: false, -1: true, 0: true, 1: true, 2: false} {
		at := now.Add(time.Duration(steps) * 30 * time.Second)
		code, err := totp.GenerateCode(secret, at)
		require.NoError(t, err)
		step, ok, err := auth.StepOf(secret, code[:3]+" "+code[3:], now)
		require.NoError(t, err)
		require.Equal(t, right, ok, "%d steps", steps)
		if ok {
			require.Equal(t, at.Unix()/30, step)
		}
	}
	step, ok, err := auth.StepOf(secret, "081804", now)
	require.NoError(t, err)
	require.True(t, ok, "RFC 6238, appendix B")
	require.EqualValues(t, 0x23523EC, step)
}
