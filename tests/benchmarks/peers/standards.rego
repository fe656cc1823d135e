# The nine standards as a Rego policy: one decision for each unit of the input.
#
# The host gives every unit with the incidents that count for it, the items of which no ledger covers
# it, the tallies of its members, its score and its poll; data.rules, marks, shares as in standards.py.
# A policy over the whole county as one document grew with the square of its size.
package pingan

import rego.v1

statuses := [status(u) | u := input.units[_]]

status(u) := "failed" if failed(u)

status(u) := "undetermined" if {
	not failed(u)
	open(u)
}

status(u) := "met" if {
	not failed(u)
	not open(u)
}

levels := {"": 0, "minor": 1, "large": 2, "major": 3, "extreme": 4}

# prohibitions
failed(u) if {
	some i in u.incidents
	rule := data.rules[u.standard][i.type]
	rule.times == 1
	breaks(rule, i)
}

failed(u) if {
	some i in u.incidents
	rule := data.rules[u.standard][i.type]
	rule.times > 1
	count([j | some j in u.incidents; j.type == i.type]) >= rule.times
}

open(u) if {
	some i in u.incidents
	may_break(data.rules[u.standard][i.type], i)
}

breaks(rule, i) if {
	rule.grade == 0
}

breaks(rule, i) if {
	rule.grade > 0
	levels[i.grade] >= rule.grade
	liable(rule, i, {"yes"})
}

may_break(rule, i) if {
	rule.grade > 0
	levels[i.grade] == 0
	liable(rule, i, {"yes", ""})
}

may_break(rule, i) if {
	rule.grade > 0
	levels[i.grade] >= rule.grade
	rule.liable
	i.liability == ""
}

liable(rule, i, answers) if not rule.liable

liable(rule, i, answers) if {
	rule.liable
	i.liability in answers
}

# ledgers
open(u) if {
	some item in u.gaps
	data.rules[u.standard][item]
}

# ratios
failed(u) if below(u.households, data.shares[u.standard])

open(u) if unsure(u.households, data.shares[u.standard])

failed(u) if {
	u.standard == "compound"
	below(u.buildings, data.building_share)
}

open(u) if {
	u.standard == "compound"
	not u.declared
	u.buildings.total == 0
}

open(u) if {
	u.standard == "compound"
	u.buildings.total > 0
	unsure(u.buildings, data.building_share)
}

below(tally, percent) if {
	tally.total > 0
	tally.total * percent > (tally.met + tally.open) * 100
}

unsure(tally, percent) if tally.total == 0

unsure(tally, percent) if {
	not below(tally, percent)
	tally.met * 100 < tally.total * percent
}

# scores and polls
failed(u) if u.points < data.marks[u.standard]

open(u) if {
	data.marks[u.standard]
	u.points == null
}

failed(u) if {
	data.marks[u.standard]
	u.poll.result == "failed"
}

failed(u) if {
	data.marks[u.standard]
	u.poll.rank > data.max_rank[u.standard]
}

open(u) if {
	data.marks[u.standard]
	u.poll == null
}

open(u) if {
	data.marks[u.standard]
	u.poll.rank
	not data.max_rank[u.standard]
}
