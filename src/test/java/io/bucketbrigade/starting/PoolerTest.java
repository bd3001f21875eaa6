package io.bucketbrigade.starting;

import static org.assertj.core.api.Assertions.assertThat;

import io.bucketbrigade.database.Database;
import io.bucketbrigade.database.DatabaseAddress;
import io.bucketbrigade.support.TestDatabase;
import io.bucketbrigade.support.TestPooler;
import io.bucketbrigade.support.TestService;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A database behind pgbouncer in transaction mode, with a user named like our schema. */
@Tag("slow")
class PoolerTest {
    @TempDir
    private Path folder = Path.of("");

    @Test
    void runs_feeds_and_further_starts_work_behind_a_pooler_that_shares_sessions() throws Exception {
        try (TestPooler pooler = new TestPooler(folder, TestDatabase.newUriOf("brigade"))) {
            try (TestService service = new TestService(folder, pooler.uri(), Map.of())) {
                service.drop("users.csv", "user_id,first_name,last_name\n1,Ana,Lima\n");
                service.drop("messages.csv", "message_id,author_id,received_at,content\n1,1,x,y\n");
                service.awaitBoard("\"messages\":1,\"name\":\"Ana Lima\"");
                for (int call = 0; call < 40; call++) {
                    assertThat(service.get("/runs?limit=5").statusCode()).isEqualTo(200);
                    assertThat(service.get("/stocks").statusCode()).isEqualTo(200);
                }
                Path result = Files.writeString(
                        service.result().resolve("other.csv"), "user_id,messages,name\n1,7,Ana Lima\n");
                assertThat(service.post("/feed", "{\"data_path\": \"" + result + "\"}")
                                .statusCode())
                        .isEqualTo(200);
                service.awaitBoard("\"messages\":7,");
                service.close();
                service.startAgain();
                service.awaitBoard("\"messages\":7,");
                service.drop("messages.csv", "message_id,author_id,received_at,content\n1,1,x,y\n2,1,x,y\n");
                service.awaitBoard("\"messages\":2,");
                assertThat(service.get("/observe/health").body()).contains("\"UP\"");
            }
            try (Database database =
                            Database.connect(DatabaseAddress.parse(pooler.uri() + "?currentSchema=public", "", ""));
                    Connection connection = database.pool().getConnection();
                    Statement statement = connection.createStatement();
                    ResultSet row = statement.executeQuery("SHOW TimeZone")) {
                row.next();
                assertThat(row.getString(1)).isEqualTo("UTC");
            }
        }
    }
}
