"""Stays, events and evaluations, as they go out."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

import msgspec
from django.db.models import QuerySet

from virage.agenda.models import Event, Transport
from virage.exchange.queries.cast import WRITTEN, Cast
from virage.exchange.queries.keys import Keys
from virage.formats.tddui import record as transit
from virage.formats.tddui.identifiers import ItemKind
from virage.foundation.coded import Coded
from virage.instruments.models import Evaluation
from virage.instruments.rules.answers import answers_from_json
from virage.persons.models import Stay


@dataclass
class Composer:
    """Composes the items of one record, with the keys and the cast they share."""

    keys: Keys
    cast: Cast

    def stays(self, stays: QuerySet[Stay]) -> dict[UUID, transit.Stay]:
        """Return the stays by id, each with its structure as received or ours."""
        return {
            stay.pk: self._stay(stay)
            for stay in stays.select_related(
                "establishment", "received_structure", "received_origin", "unit", "room"
            ).order_by("id")
        }

    def _stay(self, stay: Stay) -> transit.Stay:
        identifier = self.keys.of(
            ItemKind.STAY, stay.pk, stay.received_identifier, stay.received_system
        )
        return transit.Stay(
            key=self.cast.item(stay.pk, identifier),
            identifier=identifier,
            file_number=stay.file_number,
            status=stay.status,
            class_code=stay.class_code,
            service_type=stay.service_type,
            structure=self.cast.place_of(stay),
            origin=self.cast.received_structure(stay.received_origin) or stay.origin_name,
            admitted_on=stay.admitted_on,
            entered_on=stay.entered_on,
            exited_on=stay.exited_on,
            planned_entry_on=stay.planned_entry_on,
            planned_exit_on=stay.planned_exit_on,
            entry_mode=stay.entry_mode,
            entry_label=stay.entry_label,
            exit_mode=stay.exit_mode,
            exit_label=stay.exit_label,
            comment=stay.comment,
            reception_mode=stay.reception_mode,
            unit_name=stay.unit.name if stay.unit else "",
            room_name=stay.room.name if stay.room else "",
        )

    def events(
        self, events: QuerySet[Event], stays: Mapping[UUID, str]
    ) -> dict[UUID, transit.Event]:
        """Return the events by id, with their professionals and journeys."""
        return {
            event.pk: self._event(event, stays)
            for event in events.select_related(*WRITTEN)
            .prefetch_related(
                "participations__professional",
                "transports__professional",
                "transports__received_structure",
            )
            .order_by("id")
        }

    def _event(self, event: Event, stays: Mapping[UUID, str]) -> transit.Event:
        identifier = self.keys.of(
            ItemKind.EVENT, event.pk, event.received_identifier, event.received_system
        )
        participants = sorted(event.participations.all(), key=lambda one: (one.position, one.pk))
        return transit.Event(
            key=self.cast.item(event.pk, identifier),
            identifier=identifier,
            status=event.status,
            class_code=event.class_code,
            types=msgspec.convert(event.types, list[Coded]),
            label=event.label,
            reason=event.reason,
            report=event.report,
            comments=event.comments,
            starts_at=event.happened_at,
            ends_at=event.ends_at,
            updated_at=event.updated_at,
            place_name=event.place_name,
            place=msgspec.convert(event.place, transit.Address | None),
            stay=stays.get(event.stay_id, "") if event.stay_id else "",
            professionals=[
                self.cast.professional(one.professional) for one in participants if one.professional
            ],
            used_resources=msgspec.convert(event.used_resources, list[transit.UsedResource]),
            was_person_present=event.was_person_present,
            was_confirmed_by_person=event.was_confirmed_by_person,
            is_outside_service=event.is_outside_service,
            cancel_reason=event.cancel_reason,
            transports=[
                self._transport(one) for one in sorted(event.transports.all(), key=lambda t: t.pk)
            ],
            **self.cast.written(event),
        )

    def _transport(self, transport: Transport) -> transit.Transport:
        kind = (
            ItemKind.PERSON_TRANSPORT
            if transport.traveller == "usager"
            else ItemKind.PROFESSIONAL_TRANSPORT
        )
        identifier = self.keys.of(
            kind, transport.pk, transport.received_identifier, transport.received_system
        )
        return transit.Transport(
            key=self.cast.item(transport.pk, identifier),
            identifier=identifier,
            traveller="usager" if transport.traveller == "usager" else "professional",
            professional=self.cast.professional(transport.professional),
            structure=self.cast.received_structure(transport.received_structure),
            status=transport.status,
            mode=transport.mode,
            motorisation=transport.motorisation,
            nature=transport.nature,
            starts_at=transport.starts_at,
            ends_at=transport.ends_at,
            planned_cost=_plain(transport.planned_cost),
            actual_cost=_plain(transport.actual_cost),
            distance_km=_plain(transport.distance_km),
            planned_minutes=_plain(transport.planned_minutes),
            is_accompanied=transport.is_accompanied,
            is_aseptic=transport.is_aseptic,
        )

    def evaluations(
        self,
        evaluations: QuerySet[Evaluation],
        stays: Mapping[UUID, str],
        events: Mapping[UUID, str],
    ) -> dict[UUID, transit.Evaluation]:
        """Return the evaluations by id, with their frozen answers."""
        return {
            evaluation.pk: self._evaluation(evaluation, stays, events)
            for evaluation in evaluations.select_related(*WRITTEN, "source").order_by("id")
        }

    def _evaluation(
        self, evaluation: Evaluation, stays: Mapping[UUID, str], events: Mapping[UUID, str]
    ) -> transit.Evaluation:
        identifier = self.keys.of(
            ItemKind.EVALUATION,
            evaluation.pk,
            evaluation.received_identifier,
            evaluation.received_system,
        )
        return transit.Evaluation(
            key=self.cast.item(evaluation.pk, identifier),
            identifier=identifier,
            questionnaire=evaluation.questionnaire,
            type=evaluation.type,
            title=evaluation.title,
            status=evaluation.status,
            authored_on=evaluation.authored_on,
            authored_at=evaluation.authored_at,
            source=self.cast.professional(evaluation.source),
            event=events.get(evaluation.event_id, "") if evaluation.event_id else "",
            stay=stays.get(evaluation.stay_id, "") if evaluation.stay_id else "",
            comment=evaluation.comment,
            answers=answers_from_json(evaluation.answers),
            **self.cast.written(evaluation),
        )


def _plain(value: Decimal | None) -> Decimal | None:
    """Return a figure without the zeros that a decimal column adds."""
    return value.normalize() if value is not None else None
