package io.bucketbrigade.settings;

import static org.assertj.core.api.Assertions.assertThat;

import io.bucketbrigade.aws.AwsSettings;
import io.bucketbrigade.notifications.MailSettings;
import io.bucketbrigade.support.TestService;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SettingsTest {
    @TempDir
    private Path folder = Path.of("");

    private Settings load(Map<String, String> environment) {
        return SettingsLoader.load(TestService.HOME, folder, environment, Map.of());
    }

    @Test
    void defaults_are_these() {
        Settings settings = load(Map.of());
        assertThat(settings.text("brigade.data")).isEqualTo("data");
        assertThat(settings.text("brigade.routes")).isEmpty();
        assertThat(settings.text("brigade.poll")).isEmpty();
        assertThat(settings.text("brigade.events.queue")).isEmpty();
        assertThat(settings.number("brigade.events.visibility")).isEqualTo(30);
        assertThat(settings.duration("brigade.s3.timeout")).isEqualTo(Duration.ofSeconds(10));
        assertThat(settings.number("brigade.s3.multipart")).isEqualTo(8 * 1024 * 1024);
        assertThat(settings.text("brigade.feed.buckets")).isEmpty();
        assertThat(settings.text("aws.region")).isEmpty();
        assertThat(settings.text("aws.access.key.id")).isEmpty();
        assertThat(settings.text("aws.secret.access.key")).isEmpty();
        assertThat(settings.text("aws.session.token")).isEmpty();
        assertThat(settings.text("aws.endpoint.url")).isEmpty();
        assertThat(settings.text("aws.endpoint.url.s3")).isEmpty();
        assertThat(settings.text("aws.endpoint.url.sqs")).isEmpty();
        assertThat(settings.duration("brigade.settle")).isEqualTo(Duration.ofMillis(500));
        assertThat(settings.duration("brigade.lease")).isEqualTo(Duration.ofSeconds(15));
        assertThat(settings.number("brigade.counting.threads")).isZero();
        assertThat(settings.number("brigade.counting.block")).isEqualTo(4 * 1024 * 1024);
        assertThat(settings.text("brigade.http.host")).isEqualTo("127.0.0.1");
        assertThat(settings.number("brigade.http.port")).isEqualTo(3000);
        assertThat(settings.number("brigade.http.body.max")).isEqualTo(1024 * 1024);
        assertThat(settings.bytes("brigade.upload.max")).isEqualTo(10L << 30);
        assertThat(settings.text("brigade.log")).isEqualTo("plain");
        assertThat(settings.text("brigade.api.key")).isEmpty();
        assertThat(settings.text("brigade.api.keys")).isEmpty();
        assertThat(settings.text("brigade.read.key")).isEmpty();
        assertThat(settings.duration("brigade.database.wait")).isEqualTo(Duration.ofSeconds(60));
        assertThat(settings.text("brigade.database.url")).isEmpty();
        assertThat(settings.text("brigade.mail.to")).isEmpty();
        assertThat(settings.text("brigade.mail.from")).isEqualTo("bucket-brigade@localhost");
        assertThat(settings.text("brigade.mail.host")).isEqualTo("localhost");
        assertThat(settings.number("brigade.mail.port")).isEqualTo(25);
        assertThat(settings.text("brigade.mail.security")).isEqualTo("none");
        assertThat(settings.text("brigade.sns.topic")).isEmpty();
        assertThat(settings.text("brigade.notify.on")).isEqualTo("success,failure,skipped");
        assertThat(settings.text("brigade.notify.pipelines")).isEmpty();
        assertThat(settings.text("brigade.notify.subject")).isEqualTo("{prefix}_Pipeline_{outcome}");
        assertThat(settings.text("brigade.notify.prefix")).isEqualTo("BucketBrigade");
        assertThat(settings.text("brigade.notify.link")).isEqualTo("http://localhost:3000");
        assertThat(settings.text("stocks.source")).isEqualTo("data/stocks/source");
        assertThat(settings.text("stocks.monitored")).isEqualTo("data/stocks/source");
        assertThat(settings.text("stocks.output")).isEqualTo("data/stocks/source/Output");
        assertThat(settings.number("stocks.max.files")).isEqualTo(1000);
        assertThat(Values.share("", settings.text("stocks.max.missing"))).isEqualByComparingTo("0.2");
        assertThat(settings.number("stocks.runs.per.day")).isEqualTo(1);
        assertThat(settings.text("stocks.time.zone")).isEqualTo("UTC");
        assertThat(settings.text("leaderboard.raw")).isEqualTo("data/leaderboard/raw");
        assertThat(settings.text("leaderboard.result")).isEqualTo("data/leaderboard/result");
        assertThat(Values.share("", settings.text("leaderboard.max.rejected"))).isEqualByComparingTo("0.01");
        assertThat(settings.text("leaderboard.max.unknown")).isEmpty();
        assertThat(settings.text("leaderboard.allow.empty")).isEqualTo("false");
        assertThat(settings.text("leaderboard.feed.roots"))
                .isEqualTo("data/leaderboard/result," + TestService.HOME + "/samples");
    }

    @Test
    void the_environment_is_stronger_than_the_file_in_the_working_folder_and_that_than_the_defaults()
            throws IOException {
        Files.writeString(folder.resolve("brigade.properties"), "brigade.http.port=4000\nLEADERBOARD_RAW=/in\n");
        assertThat(load(Map.of()).text("brigade.http.port")).isEqualTo("4000");
        assertThat(load(Map.of()).text("leaderboard.raw")).isEqualTo("/in");
        assertThat(load(Map.of("BRIGADE_HTTP_PORT", "5000")).text("brigade.http.port"))
                .isEqualTo("5000");
    }

    @Test
    void default_folders_follow_the_data_folder() {
        Settings settings = load(Map.of("BRIGADE_DATA", "/elsewhere"));
        assertThat(settings.path("leaderboard.raw")).isEqualTo(Path.of("/elsewhere/leaderboard/raw"));
    }

    @Test
    void secrets_are_in_no_text_about_how_aws_and_the_mail_server_are_reached() {
        Settings settings = load(Map.of(
                "AWS_ACCESS_KEY_ID", "a-key",
                "AWS_SECRET_ACCESS_KEY", "s3cret-key",
                "AWS_SESSION_TOKEN", "s3cret-token",
                "BRIGADE_MAIL_USER", "brigade",
                "BRIGADE_MAIL_PASSWORD", "s3cret-mail"));
        assertThat(AwsSettings.of(settings).toString() + MailSettings.of(settings))
                .contains("a-key", "brigade@localhost:25")
                .doesNotContain("s3cret");
    }

    @Test
    void settings_of_further_routes_are_found_beside_them() throws IOException {
        Path own = Files.createDirectories(folder.resolve("own/mine"));
        Files.writeString(own.resolve("mine.properties"), "mine.colour=red\n");
        Map<String, String> environment =
                Map.of("BRIGADE_ROUTES", folder.resolve("own").toString(), "MINE_COLOUR", "blue");
        assertThat(load(environment).text("mine.colour")).isEqualTo("blue");
    }
}
