package demo

import (
	"context"
	"slices"
	"time"

	"converse/internal/chat"
)

// group is the sales team, as a manager of its own has it.
func group() chat.Group {
	out := chat.Group{ID: idOf[chat.GroupID]("group", "sales"), Name: "Sales"}
	for _, p := range people() {
		if p.role == chat.RoleSalesUser || p.role == chat.RoleSalesManager {
			out.Members = append(out.Members, p.id())
		}
	}
	return out
}

// maskingTemplate hides from whom it restricts what a lead could be called by.
func maskingTemplate() chat.PermissionTemplate {
	return chat.PermissionTemplate{
		ID: idOf[chat.PermissionTemplateID]("permission template", "masking"), Name: "Hide phones, e-mail addresses and last names",
		// An address often holds the name.
		Masks: map[chat.LeadField]chat.Mask{chat.FieldPhone: chat.MaskEnds, chat.FieldEmail: chat.MaskEnds, chat.FieldLastName: chat.MaskAll},
	}
}

// permissions makes the group and the template, and assigns it to who is masked.
func (m *Maker) permissions(ctx context.Context, _ Options) error {
	p := Administrator()
	groups, err := m.Store.Groups(ctx, p)
	if err != nil {
		return err
	}
	if g := group(); !slices.ContainsFunc(groups, func(known chat.Group) bool { return known.ID == g.ID }) {
		if err := m.Store.SaveGroup(ctx, p, g, true); err != nil {
			return err
		}
	}
	templates, err := m.Store.PermissionTemplates(ctx, p.Org)
	if err != nil {
		return err
	}
	template := maskingTemplate()
	i := slices.IndexFunc(templates, func(known chat.AssignedTemplate) bool { return known.ID == template.ID })
	if i < 0 {
		if err := m.Store.SavePermissionTemplate(ctx, p, template, true, false); err != nil {
			return err
		}
	}
	if i >= 0 && len(templates[i].Assignments) > 0 {
		return nil // or whom an administrator has assigned it to since
	}
	var masked []chat.Assignment
	for _, p := range people() {
		if p.masked {
			masked = append(masked, chat.Assignment{User: p.id()})
		}
	}
	return m.Store.SetAssignments(ctx, p, template.ID, masked, false)
}

// SecondOrg is the id of an org of another country, which must see nothing of the first.
func SecondOrg() chat.OrgID { return idOf[chat.OrgID]("org", "second") }

// strangers are the people of the second org; the first signs in on the demo's page.
func strangers() []person {
	return []person{{first: "Priya", last: "Raman", role: chat.RoleSalesUser}, {first: "Anjali", last: "Menon", role: chat.RoleAdministrator}}
}

func strangerEmail(p person) string { return lower(p.first) + "@lotus.example" }

// second makes the second org with a few leads.
func (m *Maker) second(ctx context.Context, o Options) error {
	_, err := m.Store.Org(ctx, SecondOrg())
	if chat.CodeOf(err) == chat.CodeNotFound {
		err = m.Store.CreateOrg(ctx, chat.Org{ID: SecondOrg(), Name: "Lotus Estates", Country: "IN"})
	}
	if err != nil {
		return err
	}
	users, err := m.Store.Users(ctx, SecondOrg())
	if err != nil {
		return err
	}
	if len(users) < len(strangers()) {
		hash, err := m.Passwords.Hash(ctx, Password)
		if err != nil {
			return err
		}
		for _, p := range strangers() {
			if slices.ContainsFunc(users, func(u chat.User) bool { return u.ID == p.id() }) {
				continue
			}
			user := chat.User{ID: p.id(), Email: strangerEmail(p), Name: p.first + " " + p.last, Role: p.role}
			if err := m.Store.CreateUser(ctx, SecondOrg(), user, hash); err != nil {
				return err
			}
		}
	}
	owner := strangers()[0]
	leads := secondLeads(owner.id(), o.Today)
	_, err = m.Store.Lead(ctx, chat.Principal{Org: SecondOrg(), Role: chat.RoleAdministrator}, leads[0].ID)
	if chat.CodeOf(err) == chat.CodeNotFound {
		err = m.Store.CreateLeads(ctx, SecondOrg(), leads)
	}
	return err
}

// secondLeads are the second org's. They have no phone: India keeps no numbers for
// people who are made up.
func secondLeads(owner chat.UserID, today time.Time) []chat.Lead {
	var out []chat.Lead
	for i, name := range [][2]string{{"Kavya", "Iyer"}, {"Rohan", "Desai"}, {"Meera", "Pillai"}, {"Arjun", "Bose"}, {"Divya", "Nair"}} {
		out = append(out, chat.Lead{
			ID: idOf[chat.LeadID]("second lead", i), FirstName: name[0], LastName: name[1], Owner: owner, Source: "website", Stage: "new",
			CreatedAt: today.Add(-time.Duration(i+1) * day),
			Identifiers: []chat.Identifier{{
				ID: idOf[chat.IdentifierID]("second identifier", i), Kind: chat.IdentifierEmail,
				Value: lower(name[0]) + "." + lower(name[1]) + "@example.com",
			}},
		})
	}
	return out
}
