"""What the records of the region hold besides what is told: plans, and papers."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import partial
from uuid import UUID

from virage.demo import texts
from virage.demo.house import instant
from virage.demo.region.dwellers import Dweller, Past
from virage.demo.region.plan import is_open, is_working_day
from virage.demo.region.staff import Colleague
from virage.demo.region.wording import plans
from virage.demo.seeds.documents import draft_of
from virage.demo.seeds.plans import Planning
from virage.documents.actions import add_documents
from virage.documents.rules import DocumentDraft

TRIES = 8
# Of the days of a plan, counted from the Monday on which it is as far as is told.
MONDAYS = 6
MONDAY_DAYS = 7
FILED_AT = time(14, 40)
FILING_DAYS = 12


@dataclass
class Files(Past):
    """Writes the plans and the papers of some of those who are there, by the actions themselves."""

    files: int

    def write(self) -> None:
        """Write them; all that is told before is in the database already."""
        there = [one for one in self.dwellers if one.passage.exited_on is None]
        chosen = [one for one in there if self.draw.happens(self.files)]
        for one in chosen:
            self._plan(one)
        self._papers(chosen)

    def _plan(self, one: Dweller) -> None:
        """Make one of the plans of the kind, if she was there when it began, on open days."""
        told = self.draw.choice(plans(self.kind.key))
        monday = self.days.today - timedelta(days=self.days.today.weekday() or MONDAY_DAYS)
        for _ in range(TRIES):
            as_of = monday - timedelta(days=MONDAY_DAYS * self.draw.randrange(MONDAYS))
            began, reviewed = (
                self._worked(as_of + timedelta(days=at)) for at in (told.starts, told.review)
            )
            if began <= max(one.entered_on, self.days.first) or reviewed >= self.days.today:
                continue
            author = self._staying(told.profession, one, began)
            if author and author.moments_on(began) and author.moments_on(reviewed):
                Planning(
                    told=told,
                    person=one.person,
                    author=author,
                    owner=partial(self._staying, dweller=one, day=began),
                    say=partial(self._said, one, began),
                    today=as_of,
                    worked=self._worked,
                ).plan()
                return

    def _worked(self, day: date) -> date:
        """Return the first day from that one on when the establishment works, offices too."""
        while not (is_working_day(day) and is_open(self.kind, day)):
            day += timedelta(days=1)
        return day

    def _staying(self, profession: str, dweller: Dweller, day: date) -> Colleague | None:
        """Return someone of this profession, there on that day, who has not left since."""
        followers = self.team.followers(profession, dweller.unit, day)
        there = [one for one in followers if one.contract.ends_on is None]
        return self.draw.choice(there) if there else None

    def _said(self, one: Dweller, day: date, text: str) -> str:
        return one.voice.said(text, day, self.draw)

    def _papers(self, chosen: list[Dweller]) -> None:
        """File papers on a few days, author after author."""
        told = (self.days.today - self.days.first).days
        days = sorted(
            self.days.first + timedelta(days=self.draw.randrange(told)) for _ in range(FILING_DAYS)
        )
        days = [day for day in map(self._worked, days) if day < self.days.today]
        filed: dict[tuple[datetime, UUID], tuple[Colleague, list[DocumentDraft]]] = {}
        for one in chosen:
            there = [day for day in days if one.is_everyday(day)]
            for plan in texts.documents():
                if not there or self.kind.key not in plan.establishments:
                    continue
                if not self.draw.happens(plan.percent):
                    continue
                day = self.draw.choice(there)
                writers = self.team.at_work(plan.profession, "afternoon", day, one.unit)
                if writers:
                    author, at = self.draw.choice(writers), instant(day, FILED_AT)
                    said = [self._said(one, day, text) for text in plan.paragraphs]
                    _, drafts = filed.setdefault((at, author.professional.pk), (author, []))
                    drafts.append(draft_of(plan, one.person, one.stay, said, at))
        for (at, _), (author, drafts) in filed.items():
            add_documents(author.acting(at), drafts=drafts)
