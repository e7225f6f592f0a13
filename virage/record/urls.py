"""Doors of the record: those of a person, and those of a unit."""

from django.urls import include, path

from virage.record.views import (
    accesses,
    dependency,
    documents,
    emergency,
    evaluations,
    events,
    evidence,
    fhir,
    notes,
    plan_answers,
    plan_order,
    plan_parts,
    plan_versions,
    plans,
    sheets,
    timeline,
)

app_name = "record"
person_patterns = [
    path("chronologie/", timeline.fact_list, name="timeline"),
    path("volets/<slug:volet>/", timeline.volet_page, name="volet"),
    path("transmissions/", notes.note_list, name="notes"),
    path("transmissions/<uuid:note_id>/", notes.note_page, name="note"),
    path("transmissions/<uuid:note_id>/corriger/", notes.correct, name="note_correct"),
    path("transmissions/<uuid:note_id>/retirer/", notes.withdraw, name="note_withdraw"),
    path("transmissions/<uuid:note_id>/retablir/", notes.restore, name="note_restore"),
    path("evenements/noter/", events.plan, name="event_plan"),
    path("evenements/<uuid:event_id>/", events.event_page, name="event"),
    path("evaluations/", evaluations.evaluation_list, name="evaluations"),
    path("evaluations/reprendre/", fhir.take_in, name="answers_take_in"),
    path("evaluations/commencer/", sheets.begin, name="sheet_begin"),
    path("evaluations/saisies/<uuid:sheet_id>/", sheets.sheet_page, name="sheet"),
    path("evaluations/saisies/<uuid:sheet_id>/abandonner/", sheets.leave, name="sheet_leave"),
    path("evaluations/saisies/<uuid:sheet_id>/historique/", sheets.history, name="sheet_history"),
    path(
        "evaluations/saisies/<uuid:sheet_id>/joindre/",
        evidence.attach_to_sheet,
        name="sheet_attach",
    ),
    path("evaluations/saisies/<uuid:sheet_id>/demander/", sheets.ask, name="sheet_ask"),
    path(
        "evaluations/saisies/<uuid:sheet_id>/demandes/<uuid:request_id>/retirer/",
        sheets.ask_stop,
        name="sheet_ask_stop",
    ),
    path("evaluations/<uuid:evaluation_id>/", evaluations.evaluation_page, name="evaluation"),
    path(
        "evaluations/<uuid:evaluation_id>/joindre/",
        evidence.attach_to_evaluation,
        name="evaluation_attach",
    ),
    path(
        "evaluations/<uuid:evaluation_id>/retirer/",
        evaluations.withdraw,
        name="evaluation_withdraw",
    ),
    path("evaluations/<uuid:evaluation_id>/fhir/", fhir.response, name="evaluation_fhir"),
    path(
        "evaluations/<uuid:evaluation_id>/fhir/questionnaire/",
        fhir.questionnaire,
        name="evaluation_questionnaire",
    ),
    path(
        "evaluations/<uuid:evaluation_id>/questions/<slug:item>/action/",
        plan_answers.from_answer,
        name="plan_from_answer",
    ),
    path(
        "evaluations/<uuid:evaluation_id>/historique/",
        sheets.history_of_evaluation,
        name="evaluation_history",
    ),
    path("evaluations/<uuid:evaluation_id>/evolution/", evaluations.evolution, name="evolution"),
    path(
        "evaluations/<uuid:evaluation_id>/comparer/<uuid:other_id>/",
        evaluations.comparison,
        name="evaluation_comparison",
    ),
    path("plans/", plans.plan_list, name="plans"),
    path("plans/commencer/", plans.create, name="plan_create"),
    path("plans/<uuid:plan_id>/", plans.plan_page, name="plan"),
    path("plans/<uuid:plan_id>/tableau/", plans.board, name="plan_board"),
    path("plans/<uuid:plan_id>/calendrier/", plans.calendar, name="plan_calendar"),
    path(
        "plans/<uuid:plan_id>/tableur/<slug:file_format>/",
        plan_versions.plan_file,
        name="plan_file",
    ),
    path("plans/<uuid:plan_id>/ordre/", plan_order.order_page, name="plan_order"),
    path(
        "plans/<uuid:plan_id>/ordre/<uuid:part_id>/avant/<uuid:other_id>/",
        plan_order.move_up,
        name="plan_move_up",
    ),
    path(
        "plans/<uuid:plan_id>/ordre/<uuid:part_id>/apres/<uuid:other_id>/",
        plan_order.move_down,
        name="plan_move_down",
    ),
    path("plans/<uuid:plan_id>/suivi/", plans.follow_up_page, name="plan_follow_up"),
    path("plans/<uuid:plan_id>/commenter/", plans.comment, name="plan_comment"),
    path("plans/<uuid:plan_id>/modifier/", plans.edit, name="plan_edit"),
    path("plans/<uuid:plan_id>/etapes/<slug:verb>/", plans.step, name="plan_step"),
    path("plans/<uuid:plan_id>/bilan/", plan_versions.review, name="plan_review"),
    path("plans/<uuid:plan_id>/versions/", plan_versions.versions, name="plan_versions"),
    path("plans/<uuid:plan_id>/versions/<int:number>/", plan_versions.version, name="plan_version"),
    path(
        "plans/<uuid:plan_id>/versions/<int:number>/comparer/<int:other>/",
        plan_versions.compare,
        name="plan_compare",
    ),
    path("plans/<uuid:plan_id>/versions/<int:number>/avis/", plan_versions.sign, name="plan_sign"),
    path("plans/<uuid:plan_id>/objectifs/ajouter/", plan_parts.objective_add, name="objective_add"),
    path(
        "plans/<uuid:plan_id>/objectifs/<uuid:objective_id>/modifier/",
        plan_parts.objective_edit,
        name="objective_edit",
    ),
    path(
        "plans/<uuid:plan_id>/objectifs/<uuid:objective_id>/etapes/<slug:verb>/",
        plan_parts.objective_step,
        name="objective_step",
    ),
    path(
        "plans/<uuid:plan_id>/objectifs/<uuid:objective_id>/actions/ajouter/",
        plan_parts.action_add,
        name="plan_action_add",
    ),
    path(
        "plans/<uuid:plan_id>/actions/<uuid:action_id>/", plan_parts.action_page, name="plan_action"
    ),
    path(
        "plans/<uuid:plan_id>/actions/<uuid:action_id>/modifier/",
        plan_parts.action_edit,
        name="plan_action_edit",
    ),
    path(
        "plans/<uuid:plan_id>/actions/<uuid:action_id>/etapes/<slug:verb>/",
        plan_parts.action_step,
        name="plan_action_step",
    ),
    path(
        "plans/<uuid:plan_id>/actions/<uuid:action_id>/commenter/",
        plans.comment,
        name="plan_action_comment",
    ),
    path(
        "plans/<uuid:plan_id>/actions/<uuid:action_id>/preuve/",
        plan_parts.action_proof,
        name="plan_action_proof",
    ),
    path("documents/", documents.document_list, name="documents"),
    path("documents/ajouter/", documents.add, name="document_add"),
    path("documents/<uuid:document_id>/", documents.download, name="document"),
    path("documents/<uuid:document_id>/fiche/", documents.document_page, name="document_page"),
    path("documents/<uuid:document_id>/remplacer/", documents.replace, name="document_replace"),
    path("documents/<uuid:document_id>/retirer/", documents.cancel, name="document_cancel"),
    path(
        "documents/<uuid:document_id>/versions/<int:version>/",
        documents.download_version,
        name="document_version",
    ),
    path("urgence/volet-medical/", emergency.medical_volet, name="medical_volet"),
    path("qui-a-vu/", accesses.access_list, name="accesses"),
    path("qui-a-vu/liste.csv", accesses.accesses_file, name="accesses_file"),
]

urlpatterns = [
    path("usagers/<uuid:person_id>/", include(person_patterns)),
    path("mes-actions/", plans.own_actions, name="own_actions"),
    path("annuaire/professionnels/<uuid:professional_id>/gestes/", accesses.act_list, name="acts"),
    path("annuaire/unites/<uuid:unit_id>/gmp/", dependency.unit_gmp, name="unit_gmp"),
    path(
        "annuaire/unites/<uuid:unit_id>/gmp/personnes/",
        dependency.unit_gmp_list,
        name="unit_gmp_list",
    ),
]
