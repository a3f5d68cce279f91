//! What every store must do, as cases named after the rules; an adapter runs them all with `suite!`.

pub(crate) mod acts;
pub(crate) mod claims;
pub(crate) mod conclusions;
pub(crate) mod counts;
pub(crate) mod deletes;
pub(crate) mod detail;
pub(crate) mod durability;
pub(crate) mod filters;
pub(crate) mod inspection;
pub(crate) mod key_checks;
pub(crate) mod link_checks;
pub(crate) mod link_walks;
pub(crate) mod links;
pub(crate) mod onboarding;
pub(crate) mod operations;
pub(crate) mod organizations;
pub(crate) mod pages;
pub(crate) mod purges;
pub(crate) mod races;
pub(crate) mod read_back;
pub(crate) mod records;
pub(crate) mod reference;
pub(crate) mod repeats;
pub(crate) mod restores;
pub(crate) mod scale;
pub(crate) mod trail_chain;
pub(crate) mod trail_changes;
pub(crate) mod trail_damage;
pub(crate) mod trail_entries;
pub(crate) mod trail_find;
pub(crate) mod trail_lead;
pub(crate) mod trail_organizations;
pub(crate) mod trail_outbox;
pub(crate) mod trail_retention;
pub(crate) mod updates;
pub(crate) mod walks;
pub(crate) mod writes;

use crate::registry::ports::audit::AuditStore;
use crate::registry::ports::inspection::Inspection;
use crate::registry::ports::link_walk::LinkWalks;
use crate::registry::ports::store::Store;
use std::sync::Arc;

/// Makes the stores of one kind.
pub(crate) trait Stores {
    /// An empty store of its own.
    async fn fresh() -> Self;

    /// The store.
    fn store(&self) -> Arc<dyn Store>;

    /// Closes it and opens what it has kept.
    async fn reopen(&mut self);

    /// The same store, for looking after it.
    fn inspection(&self) -> Arc<dyn Inspection>;

    /// The same store, for walking over its links.
    fn walks(&self) -> Arc<dyn LinkWalks>;

    /// The same store, for the audit trail.
    fn trail(&self) -> Arc<dyn AuditStore>;
}

/// One test for each case, against the stores that a [`Stores`] makes. Whatever a case does, it must leave a store in
/// which nothing is astray.
macro_rules! suite {
    ($stores:ty) => {
        $crate::store::conformance::suite! { $stores:
            claims {
                a_document_belongs_to_at_most_one_holder_of_an_organization,
                a_claim_is_free_in_another_organization,
                each_of_several_claims_excludes_others,
                a_claim_named_twice_by_one_record_is_held_once,
                a_deleted_record_holds_no_claim,
                a_holder_is_found_by_any_of_its_claims,
                a_claim_is_found_only_among_records_of_its_kind,
                an_account_has_at_most_one_alias_account_of_an_organization,
                a_refused_claim_leaves_nothing_behind,
                of_64_holders_racing_for_a_document_one_is_stored,
                of_64_links_racing_for_an_account_one_is_stored,
                the_alias_accounts_of_several_claims_are_found_each_once,
            }
            conclusions {
                an_operation_may_have_nothing_else_to_write,
                each_write_is_done_once_and_its_repeat_gives_the_first_outcome,
                of_64_conclusions_of_one_key_one_is_stored_and_all_tell_of_it,
            }
            counts {
                a_total_is_exact_up_to_the_cap,
                several_holders_have_a_total_each,
            }
            deletes {
                a_deleted_record_stays_as_it_was_but_for_its_times_and_version,
                a_deleted_record_leaves_every_list_that_does_not_ask_for_it,
                what_was_changed_since_or_is_not_live_is_not_deleted,
                a_holder_with_live_alias_accounts_is_not_deleted,
                alias_accounts_of_others_keep_no_holder,
                the_revision_is_looked_at_before_the_alias_accounts,
                linking_raises_nothing_of_the_holder,
            }
            detail {
                the_clear_part_comes_without_the_blob,
                the_blob_comes_as_it_was_written,
            }
            durability {
                what_was_stored_is_there_after_a_restart,
                what_was_changed_or_deleted_or_removed_is_so_after_a_restart,
            }
            filters {
                holders_by_each_part_of_their_clear_part,
                alias_accounts_by_each_part_of_their_clear_part,
                a_value_under_one_of_several_generations_is_enough_and_is_met_once,
                several_conditions_hold_together,
                only_records_of_these_ids,
                the_moments_of_creation_are_half_open,
                live_records_unless_others_are_asked_for,
            }
            inspection {
                a_walk_over_all_places_meets_every_record_with_all_that_was_written,
                a_walk_may_begin_where_no_record_is,
            }
            key_checks {
                the_first_value_stays,
                generations_have_values_of_their_own,
                of_64_racing_values_all_are_told_the_same,
            }
            link_checks {
                a_check_raises_neither_version_nor_the_time_of_the_last_change,
                a_checked_alias_account_is_found_by_its_new_link_only,
                a_check_moves_the_alias_account_in_no_list,
                a_check_of_what_was_changed_since_or_is_not_live_is_not_recorded,
                an_update_after_a_check_must_have_read_it,
            }
            link_walks {
                every_live_alias_account_is_met_once_in_the_order_of_places_without_its_blob,
                of_a_long_run_of_deleted_ones_only_a_piece_is_looked_at,
                a_note_is_changed_only_from_what_was_read_of_it,
                the_notes_of_two_kinds_of_walks_never_meet,
                of_64_processes_that_note_at_once_one_is_told_that_it_did,
                a_note_is_there_after_a_restart,
            }
            links {
                a_link_needs_a_holder_that_is_there,
                a_link_needs_a_live_holder,
                a_link_needs_a_holder_of_the_same_organization,
                a_link_without_its_holder_leaves_its_account_free,
                the_holder_is_looked_at_before_the_account,
                a_holder_may_have_many_accounts,
            }
            onboarding {
                all_of_it_is_there_at_once,
                nothing_of_it_is_there_where_one_claim_is_taken,
                all_whose_claims_are_taken_are_told,
                the_same_account_twice_is_taken_at_the_second,
                it_has_one_key_and_one_outcome,
            }
            operations {
                an_operation_is_new_until_it_is_committed,
                a_refused_write_leaves_its_key_free,
                a_key_is_taken_until_it_expires_and_free_from_then_on,
                a_key_that_was_free_again_is_taken_by_its_next_use,
                keys_of_two_organizations_never_meet,
                a_write_without_an_operation_takes_no_key,
                a_key_with_another_fingerprint_or_mutation_is_refused_and_writes_nothing,
                a_reused_key_is_told_before_any_other_rule,
            }
            organizations {
                another_organizations_records_are_not_there,
                unknown_ids_and_claims_are_not_there,
                asking_for_nothing_gives_nothing,
            }
            pages {
                a_page_is_in_the_order_of_creation_and_then_of_ids,
                several_holders_have_a_page_each,
                a_walk_meets_every_record_once,
                more_is_told_only_where_more_follows,
                a_page_may_begin_where_no_record_is,
                deleted_alias_accounts_are_in_no_page,
            }
            purges {
                a_live_and_a_deleted_record_can_be_removed_for_good,
                what_was_changed_since_or_is_not_there_is_not_removed,
                a_holder_with_live_alias_accounts_is_not_removed,
                the_deleted_alias_accounts_of_a_holder_go_with_it,
                a_repeat_gives_its_outcome_after_the_record_was_removed,
            }
            races {
                a_holder_that_is_deleted_while_accounts_are_linked_leaves_no_orphan,
                a_holder_that_is_removed_while_accounts_are_linked_leaves_no_orphan,
                of_64_updates_with_one_revision_one_is_stored,
                of_64_that_read_again_when_refused_all_are_stored,
                a_document_is_either_restored_or_created_again,
                an_account_is_restored_only_while_its_holder_stays,
            }
            read_back {
                a_full_holder,
                a_bare_holder,
                metadata_of_every_kind,
                a_full_alias_account,
                a_bare_alias_account,
                empty_banking_details_are_not_absent_ones,
                parties_in_their_order,
                every_state_of_a_link,
                instants_before_1970,
                deleted_holders_only_where_they_are_asked_for,
                an_id_asked_for_twice_once,
                a_record_whose_id_is_taken_is_refused_and_changes_nothing,
            }
            repeats {
                a_repeated_create_gives_the_first_outcome_and_writes_nothing,
                a_repeated_link_gives_the_first_outcome_and_writes_nothing,
                a_repeat_is_told_before_its_own_claim_stands_in_its_way,
                a_repeat_gives_its_outcome_after_the_record_was_deleted,
                of_64_creates_with_one_key_one_is_stored_and_all_tell_of_it,
                of_64_links_with_one_key_one_is_stored_and_all_tell_of_it,
            }
            restores {
                a_restored_record_is_live_as_it_shall_be,
                a_restored_record_holds_its_claims_against_others,
                an_account_that_was_linked_again_meanwhile_stays_with_the_other,
                an_alias_account_comes_back_to_a_live_holder_only,
                only_a_deleted_record_that_is_as_it_was_read_comes_back,
            }
            trail_chain {
                a_chain_without_links_has_no_head,
                links_are_read_as_they_were_written,
                links_are_walked_in_the_order_of_their_numbers,
                a_number_that_is_there_is_refused,
                an_entry_that_is_there_is_refused,
                of_16_that_append_the_same_numbers_one_is_told_that_it_did,
                of_16_that_append_the_same_entry_one_is_told_that_it_did,
                only_ids_that_are_in_the_trail_are_chained,
            }
            trail_changes {
                each_change_of_a_holder_leaves_its_entry,
                each_change_of_an_alias_account_leaves_its_entry,
                an_onboarding_leaves_the_entries_of_all_its_records,
                a_link_check_leaves_its_entry,
                a_purged_holder_leaves_the_entries_of_its_alias_accounts_too,
                settling_touches_neither_version_nor_revision,
                a_settled_entry_never_comes_back_with_the_next_change,
                a_refused_or_repeated_write_leaves_no_entry,
                an_entry_without_an_id_is_given_one_that_stays,
            }
            trail_find {
                links_are_found_by_each_filter_in_both_directions_without_gaps_or_repeats,
                a_list_may_begin_where_no_link_is,
                the_moments_are_half_open,
                a_link_is_found_by_each_of_its_records,
                what_lies_behind_very_many_others_is_found_in_the_end,
            }
            trail_lead {
                one_leads_until_its_lease_ends,
                a_leader_renews_its_lease_and_may_give_it_up,
                of_16_that_would_lead_one_does,
                a_lease_is_there_after_a_restart,
            }
            trail_organizations {
                the_trails_of_two_organizations_never_meet,
                those_that_wait_longest_are_told_first,
                all_that_have_a_chain_or_wait_are_walked_in_the_order_of_their_ids,
            }
            trail_outbox {
                kept_entries_wait_in_their_order_also_after_a_restart,
                what_is_settled_waits_no_more,
                what_is_gone_already_is_settled_without_a_fault,
                an_entry_that_is_kept_twice_has_one_id_and_is_settled_as_a_whole,
                the_moment_of_the_oldest_that_waits_is_known,
                keeping_and_settling_nothing_changes_nothing,
                of_64_that_keep_at_once_every_entry_waits,
            }
            trail_retention {
                a_checkpoint_moves_forward_only,
                without_a_checkpoint_nothing_is_pruned,
                links_are_pruned_up_to_the_checkpoint_the_oldest_first,
                the_head_is_known_when_all_links_are_gone,
                a_pruned_link_is_found_by_nothing,
            }
            updates {
                an_updated_holder_is_read_as_it_shall_be,
                an_updated_alias_account_is_read_as_it_shall_be,
                an_update_of_what_was_changed_since_is_refused,
                an_update_never_touches_a_deleted_record,
                an_update_of_what_is_not_there_is_refused,
                no_token_outlives_its_value,
                an_update_replaces_the_claims,
                an_update_that_takes_what_others_hold_changes_nothing,
                an_updated_record_moves_in_the_order_of_updates_only,
                a_key_is_looked_at_before_the_revision,
            }
            walks {
                random_pages_of_holders_are_those_of_a_list_without_an_index,
                random_pages_of_alias_accounts_are_those_of_a_list_without_an_index,
                random_pages_of_several_holders_are_those_of_each,
                a_walk_in_either_direction_meets_every_record_once,
            }
        }
    };
    ($stores:ty: $($room:ident { $($case:ident,)+ })+) => { $(
        mod $room {
            $(
                #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
                async fn $case() {
                    let mut stores = <$stores as $crate::store::conformance::Stores>::fresh().await;
                    $crate::store::conformance::$room::$case(&mut stores).await;
                    $crate::store::conformance::nothing_astray(&stores).await;
                }
            )+
        }
    )+ };
}
pub(crate) use suite;

/// What a store says of itself after each case.
pub(crate) async fn nothing_astray<S: Stores>(stores: &S) {
    assert_eq!(stores.inspection().strays(10).await.unwrap(), []);
}
