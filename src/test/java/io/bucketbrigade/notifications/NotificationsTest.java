package io.bucketbrigade.notifications;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.settings.Settings;
import io.bucketbrigade.settings.SettingsCheck;
import io.bucketbrigade.settings.SettingsLoader;
import io.bucketbrigade.support.SnsStandIn;
import io.bucketbrigade.support.TestService;
import jakarta.mail.internet.MimeMessage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What people get to read when runs end, at a real SMTP server and a stand-in for SNS. */
@Tag("slow")
class NotificationsTest {
    private static final String HEADER = "Date,Open,High,Low,Close,Volume\n";

    @TempDir
    private Path folder = Path.of("");

    private static GreenMail mailServer(int port) {
        return new GreenMail(new ServerSetup(port, "127.0.0.1", "smtp"));
    }

    private static Map<String, String> byMail(int port) {
        Map<String, String> environment = new HashMap<>();
        environment.put("BRIGADE_MAIL_TO", "desk@example.org, boss@example.org");
        environment.put("BRIGADE_MAIL_FROM", "brigade@example.org");
        environment.put("BRIGADE_MAIL_HOST", "127.0.0.1");
        environment.put("BRIGADE_MAIL_PORT", Integer.toString(port));
        environment.put("BRIGADE_NOTIFY_PREFIX", "Desk");
        return environment;
    }

    private void file(String name, String text) throws IOException {
        Path file = folder.resolve("stocks/source").resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    /** Each recipient has one of its own. */
    private static void awaitMails(GreenMail server, int count) {
        await().atMost(Duration.ofSeconds(60)).until(() -> server.getReceivedMessages().length >= count);
    }

    private static MimeMessage mail(GreenMail server, String subject) throws Exception {
        for (MimeMessage message : server.getReceivedMessages()) {
            if (message.getSubject().equals(subject)) {
                return message;
            }
        }
        throw new AssertionError("no mail " + subject);
    }

    private static String unsent(TestService service) throws Exception {
        return service.ask("SELECT count(*) FROM brigade.outbox WHERE sent_at IS NULL");
    }

    @Test
    void success_failure_and_skipping_are_notified_once_each_by_mail() throws Exception {
        int port = TestService.freePort();
        GreenMail server = mailServer(port);
        server.setUser("brigade", "s3cret-mail");
        server.start();
        Map<String, String> environment = byMail(port);
        environment.put("BRIGADE_MAIL_USER", "brigade");
        environment.put("BRIGADE_MAIL_PASSWORD", "s3cret-mail");
        try (TestService service = new TestService(folder, environment)) {
            file("CompanyNames/top_companies.txt", "'a.csv', 'b.csv', 'c.csv', 'd.csv', 'e.csv', 'gone.csv'");
            file(".SUCCESS", "");
            awaitMails(server, 2);
            MimeMessage failure = mail(server, "Desk_Pipeline_Failure");
            assertThat(String.valueOf(failure.getContent()))
                    .startsWith("The run failed: 6 of 6 files that CompanyNames/top_companies.txt names can't be used")
                    .contains("- gone.csv: it is missing", "It will not be tried again until its inputs change.");

            for (String name : List.of("a", "b", "c", "d", "e")) {
                file("Stocks/" + name + ".csv", HEADER + "2026-03-02,1,2,1,2,10\nbad,1,2,1,2,10\n");
            }
            file(".SUCCESS", "now");
            awaitMails(server, 4);
            MimeMessage success = mail(server, "Desk_Pipeline_Success");
            assertThat(success.getFrom()[0]).hasToString("brigade@example.org");
            assertThat(success.getAllRecipients()).hasSize(2);
            assertThat(String.valueOf(success.getContent()).replace("\r\n", "\n"))
                    .contains(
                            "What   stocks (collate), run 2\n",
                            "/stocks/source/.SUCCESS, 3 bytes, of ",
                            "Files  6 named: 5 accepted, 1 skipped\n",
                            "Rows   10 read = 5 loaded + 5 rejected\n",
                            "Took   ",
                            "- gone.csv: it is missing\n",
                            "- a.csv, line 3: date: 'bad' is not a valid date (YYYY-MM-DD)\n",
                            "Details: http://localhost:");

            file(".SUCCESS", "a further one");
            awaitMails(server, 6);
            MimeMessage skipped = mail(server, "Desk_Pipeline_Skipped");
            assertThat(String.valueOf(skipped.getContent())).startsWith("The run was skipped. There was a run today");
            await().atMost(Duration.ofSeconds(10)).until(() -> unsent(service).equals("0"));
            assertThat(server.getReceivedMessages()).hasSize(6);
        } finally {
            server.stop();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "BRIGADE_MAIL_TO, not an address",
        "BRIGADE_MAIL_FROM, a@@b",
        "BRIGADE_SNS_TOPIC, my-topic",
        "BRIGADE_NOTIFY_ON, often",
        "BRIGADE_NOTIFY_PIPELINES, leaderbord",
        "BRIGADE_NOTIFY_SUBJECT, {pipline} failed"
    })
    void nonsense_is_reported_with_the_name_of_its_setting_before_anything_runs(String setting, String value) {
        Map<String, String> environment = byMail(25);
        environment.put(setting, value);
        Settings settings = SettingsLoader.load(TestService.HOME, folder, environment, Map.of());
        assertThatThrownBy(() -> SettingsCheck.require(settings))
                .isInstanceOf(Problem.class)
                .hasMessageStartingWith(setting + " is '" + value + "'; it m");
    }

    @Test
    void a_mail_server_that_is_away_fails_no_run_and_gets_the_notification_when_it_is_back() throws Exception {
        int port = TestService.freePort();
        GreenMail server = mailServer(port);
        try (TestService service = new TestService(folder, byMail(port))) {
            service.drop("users.csv", "user_id,first_name,last_name\n1,Ana,Lima\n");
            service.drop("messages.csv", "message_id,author_id,received_at,content\n1,1,x,y\n");
            await().atMost(Duration.ofSeconds(30))
                    .untilAsserted(() -> assertThat(service.board()).contains("Ana Lima"));
            await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> assertThat(
                            service.get("/observe/health").body())
                    .contains("DEGRADED", "notifications by mail"));
            assertThat(unsent(service)).isEqualTo("1");
            server.start();
            awaitMails(server, 2);
            await().atMost(Duration.ofSeconds(10)).untilAsserted(() -> assertThat(
                            service.get("/observe/health").body())
                    .contains("\"UP\"")
                    .doesNotContain("DEGRADED"));
            assertThat(server.getReceivedMessages()).hasSize(2);
        } finally {
            server.stop();
        }
    }

    @Test
    void a_topic_of_sns_is_notified_too() throws Exception {
        try (SnsStandIn topic = new SnsStandIn();
                TestService service = new TestService(folder, topic.environment())) {
            service.drop("users.csv", "user_id,first_name,last_name\n1,Ana,Lima\n");
            service.drop("messages.csv", "message_id,author_id,received_at,content\n1,1,x,y\n");
            await().atMost(Duration.ofSeconds(30))
                    .untilAsserted(() -> assertThat(topic.published()).hasSize(1));
            assertThat(topic.published().get(0))
                    .containsEntry("TopicArn", SnsStandIn.TOPIC)
                    .containsEntry("Subject", "BucketBrigade_Pipeline_Success")
                    .hasEntrySatisfying("Message", body -> assertThat(body)
                            .contains("The run succeeded.", "Rows   1 read = 1 loaded + 0 rejected"));
            await().atMost(Duration.ofSeconds(10)).until(() -> unsent(service).equals("0"));
        }
    }
}
