-- The nine standards as one DuckDB script. $folder: the CSV files; $rules, $items, $needed: VALUES lists.
-- Nothing sits in a household, so containers are walked for the few other units only.

create temp table unit as
select id, kind, parent,
       case when affiliation = 'county' then 'work_unit' else kind end as standard
from read_csv('$folder/units.csv', header = true, auto_detect = false, delim = ',', quote = '"',
              columns = {id: 'varchar', kind: 'varchar', name: 'varchar', parent: 'varchar',
                         affiliation: 'varchar'});

create temp table place as select id, standard, parent from unit where kind <> 'household';

-- every place with itself and each of its containers
create temp table inside as
with recursive up(id, above) as (
    select id, id from place
    union all
    select up.id, place.parent from up join place on place.id = up.above
    where place.parent is not null
)
select id, above from up;

create temp table rule as
select * from (values $rules) as t(standard, type, grade, liable, times);

create temp table need as select * from (values $needed) as t(standard, items);

create temp table own as
select unit, bit_or(bits) as items
from read_csv('$folder/ledgers.csv', header = true, all_varchar = true)
join (values $items) as t(item, bits) using (item)
where year = '$year'
group by unit;

create temp table recorded as
select inside.id, bit_or(own.items) as items
from inside join own on own.unit = inside.above
group by inside.id;

create temp table incident as
with happened as (
    select unnest(case when type in ('mass_petition', 'bypass_petition')
                       then [coalesce(responsible_unit, unit)]
                       when type = 'drug_involvement' and responsible_unit is not null
                       then [unit, responsible_unit]
                       else [unit] end) as unit,
           type,
           list_position(['minor', 'large', 'major', 'extreme'], grade) as grade,
           liability
    from read_csv('$folder/incidents.csv', header = true, all_varchar = true)
    where date between '$year-01-01' and '$year-12-31'
)
select happened.*, unit.standard, unit.parent
from happened join unit on unit.id = happened.unit;

-- what every incident means for everyone for whom it counts
create temp table trouble as
with counted as (
    select unit as id, standard, type, grade, liability from incident
    union all
    select inside.above, place.standard, incident.type, incident.grade, incident.liability
    from incident
    join inside on inside.id = incident.parent
    join place on place.id = inside.above
),
weighed as (
    select id, times,
           rule.grade = 0 or (counted.grade >= rule.grade and (not liable or liability = 'yes'))
               as breaks,
           rule.grade > 0 and coalesce(counted.grade >= rule.grade, true)
               and (not liable or coalesce(liability, 'yes') = 'yes') as may_break
    from counted join rule using (standard, type)
)
select id, bool_or(enough) as failed, bool_or(open) as open
from (select id, count(*) filter (where breaks) >= times as enough,
             bool_or(may_break and not coalesce(breaks, false)) as open
      from weighed group by id, times)
group by id;

create temp table household as
select unit.id, unit.parent,
       case when trouble.failed then 'failed'
            when ((coalesce(recorded.items, 0) | coalesce(own.items, 0)) & need.items) <> need.items
                then 'undetermined'
            else 'met' end as status
from unit
join need on need.standard = unit.kind
left join recorded on recorded.id = unit.parent
left join own on own.unit = unit.id
left join trouble on trouble.id = unit.id
where unit.kind = 'household';

create temp table households as
select inside.above as id, sum(total) as total, sum(met) as met, sum(open) as open
from (select parent, count(*) as total, count(*) filter (where status = 'met') as met,
             count(*) filter (where status = 'undetermined') as open
      from household where parent is not null group by parent) as direct
join inside on inside.id = direct.parent
group by inside.above;

-- prohibitions, ledgers, households, scores and polls of every place; 1 failed, 2 open, 3 met
create temp table judged as
with score as (
    select unit, cast(cast(score as decimal(9, 2)) * 100 as integer) as points
    from read_csv('$folder/scores.csv', header = true, all_varchar = true) where year = '$year'
),
required as (
    select kind as standard, cast(max_rank as integer) as max_rank
    from read_csv('$folder/requirements.csv', header = true, all_varchar = true)
    where year = '$year'
),
poll as (
    select unit, result, cast(rank as integer) as rank
    from read_csv('$folder/polls.csv', header = true, all_varchar = true) where year = '$year'
),
mark as (select * from (values $marks) as t(standard, mark)),
share as (select * from (values $shares) as t(standard, share))
select place.id, place.standard,
       least(
           case when trouble.failed then 1 when trouble.open then 2 else 3 end,
           case when (coalesce(recorded.items, 0) & need.items) <> need.items then 2 else 3 end,
           case when share is null then 3
                when coalesce(total, 0) = 0 then 2
                when met * 100 >= total * share then 3
                when (met + households.open) * 100 < total * share then 1
                else 2 end,
           case when mark is null then 3 when points is null then 2 when points < mark then 1
                else 3 end,
           case when mark is null then 3
                when poll.unit is null then 2
                when result is not null then case result when 'met' then 3 else 1 end
                when max_rank is null then 2
                when rank <= max_rank then 3
                else 1 end
       ) as status
from place
join need using (standard)
left join recorded on recorded.id = place.id
left join trouble on trouble.id = place.id
left join households on households.id = place.id
left join share using (standard)
left join mark using (standard)
left join score on score.unit = place.id
left join poll on poll.unit = place.id
left join required using (standard);

create temp table verdict as
with buildings as (
    select inside.above as id, count(*) as total, count(*) filter (where status = 3) as met,
           count(*) filter (where status = 2) as open
    from judged join inside using (id) where standard = 'building' group by inside.above
),
declared as (
    select distinct unit as id
    from read_csv('$folder/not_applicable.csv', header = true, all_varchar = true)
    where year = '$year' and clause = 'compound_buildings'
)
select id, 'household' as standard, status from household
union all
select judged.id, standard,
       ['failed', 'undetermined', 'met'][least(
           status,
           case when standard <> 'compound' then 3
                when coalesce(total, 0) = 0 then case when declared.id is null then 2 else 3 end
                when met * 100 >= total * $building_share then 3
                when (met + open) * 100 < total * $building_share then 1
                else 2 end)]
from judged left join buildings using (id) left join declared using (id);
