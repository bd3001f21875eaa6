package io.bucketbrigade.notifications;

import static org.assertj.core.api.Assertions.assertThat;

import io.bucketbrigade.database.Database;
import io.bucketbrigade.runs.Claim;
import io.bucketbrigade.runs.Ledger;
import io.bucketbrigade.runs.Run;
import io.bucketbrigade.runs.RunReport.Outcome;
import io.bucketbrigade.runs.RunTracing;
import io.bucketbrigade.support.TestDatabase;
import java.sql.Connection;
import java.sql.ResultSet;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("slow")
class OutboxTest {
    @Test
    void the_same_inputs_are_notified_again_only_if_they_fail_for_another_reason() throws Exception {
        try (Database database = TestDatabase.newMigrated()) {
            NotificationSettings settings =
                    new NotificationSettings(List.of("mail"), Set.of(Outcome.FAILURE), Set.of(), "{outcome}", "", "");
            Ledger ledger = new Ledger(
                    database.pool(), "this process", Duration.ofSeconds(30), new Outbox(settings), RunTracing.NONE);
            for (String reason : List.of("a", "a", "b", "a", "b", "c")) {
                Run run = ledger.claim(new Claim("tides", "load", "test", "same", List.of(), false))
                        .orElseThrow();
                ledger.fail(run, reason, Optional.empty(), Optional.empty());
            }
            try (Connection connection = database.pool().getConnection();
                    ResultSet row = connection
                            .createStatement()
                            .executeQuery("SELECT string_agg(run_id::text, ' ' ORDER BY run_id) FROM brigade.outbox")) {
                row.next();
                assertThat(row.getString(1)).isEqualTo("1 3 6");
            }
        }
    }
}
