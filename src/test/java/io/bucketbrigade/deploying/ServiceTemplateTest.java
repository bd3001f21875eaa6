package io.bucketbrigade.deploying;

import static io.bucketbrigade.deploying.CloudTemplate.elements;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.bucketbrigade.settings.Settings;
import io.bucketbrigade.settings.SettingsLoader;
import io.bucketbrigade.support.TestService;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServiceTemplateTest {
    private static final Pattern NAME = Pattern.compile("\\| `([A-Z_0-9]+)` \\|");
    private static final Pattern BUCKET = Pattern.compile("s3://\\$\\{(\\w+)}(/\\w+)?");
    private static final Pattern ARN =
            Pattern.compile("\\{\"(?:Fn::GetAtt|Fn::Sub|Ref)\":\"\\W*(\\w+)(?:\\.Arn)?}?(/\\*)?\"}");

    private final CloudTemplate template;

    @TempDir
    private Path folder = Path.of("");

    ServiceTemplateTest() throws IOException {
        template = new CloudTemplate(CloudTemplate.SERVICE);
    }

    /** The variables of the container with the buckets' logical names as names, without secrets. */
    private Map<String, String> variables() {
        Map<String, String> variables = new HashMap<>();
        for (JsonNode variable : template.container().path("Environment")) {
            JsonNode value = variable.path("Value");
            Matcher bucket = BUCKET.matcher(value.path("Fn::Sub").asText());
            if (bucket.matches()) {
                variables.put(
                        variable.path("Name").asText(),
                        "s3://" + bucket.group(1).toLowerCase(Locale.ROOT) + "-bucket");
            } else if (value.isTextual()) {
                variables.put(variable.path("Name").asText(), value.asText());
            }
        }
        return variables;
    }

    /** The buckets that a policy of the task is about, by their logical names. */
    private Set<String> bucketsOf(String policy) {
        Set<String> buckets = new TreeSet<>();
        for (JsonNode granted : template.properties("TaskRole").path("Policies")) {
            if (granted.path("PolicyName").asText().equals(policy)) {
                granted.path("PolicyDocument").path("Statement").forEach(statement -> elements(
                                statement.path("Resource"))
                        .forEach(resource -> buckets.add(resourceName(resource))));
            }
        }
        return buckets;
    }

    private static String resourceName(JsonNode resource) {
        Matcher arn = ARN.matcher(resource.toString());
        assertThat(arn.matches()).as(resource.toString()).isTrue();
        return arn.group(1);
    }

    private static boolean isOfObjects(JsonNode resource) {
        return resource.toString().contains("/*\"");
    }

    @Test
    void every_bucket_is_encrypted_and_closed_to_the_public() {
        assertThat(template.ofType("AWS::S3::Bucket")).hasSize(9).allSatisfy(name -> {
            JsonNode bucket = template.properties(name);
            assertThat(bucket.path("PublicAccessBlockConfiguration").toString())
                    .isEqualTo("{\"BlockPublicAcls\":true,\"BlockPublicPolicy\":true,\"IgnorePublicAcls\":true,"
                            + "\"RestrictPublicBuckets\":true}");
            assertThat(bucket.path("OwnershipControls").toString()).contains("BucketOwnerEnforced");
            assertThat(bucket.path("BucketEncryption").toString()).contains("\"SSEAlgorithm\":\"AES256\"");
        });
        assertThat(template.ofType("AWS::S3::BucketPolicy")).isEmpty();
    }

    @Test
    void the_buckets_of_the_leaderboard_have_the_names_that_its_users_know() {
        assertThat(template.properties("LeaderboardRaw")
                        .at("/BucketName/Fn::Sub")
                        .asText())
                .isEqualTo("${UniqueName}-raw-data-bucket-md4-api");
        assertThat(template.properties("LeaderboardResult")
                        .at("/BucketName/Fn::Sub")
                        .asText())
                .isEqualTo("${UniqueName}-result-data-bucket-md4-api");
    }

    @Test
    void only_tasks_can_connect_to_the_database_and_only_the_balancer_to_tasks() {
        JsonNode database = template.properties("Database");
        assertThat(database.path("PubliclyAccessible").asBoolean(true)).isFalse();
        assertThat(database.path("StorageEncrypted").asBoolean()).isTrue();
        assertThat(database.path("VPCSecurityGroups").toString()).isEqualTo("[{\"Ref\":\"DatabaseGroup\"}]");
        assertThat(template.properties("DatabaseGroup").path("SecurityGroupIngress"))
                .singleElement()
                .satisfies(rule -> {
                    assertThat(rule.at("/SourceSecurityGroupId/Ref").asText()).isEqualTo("TaskGroup");
                    assertThat(rule.has("CidrIp")).isFalse();
                });
        assertThat(template.properties("DatabaseSubnets").path("SubnetIds").toString())
                .isEqualTo("[{\"Ref\":\"PrivateSubnetA\"},{\"Ref\":\"PrivateSubnetB\"}]");
        assertThat(template.ofType("AWS::EC2::SubnetRouteTableAssociation"))
                .extracting(
                        name -> template.properties(name).at("/SubnetId/Ref").asText())
                .containsExactlyInAnyOrder("PublicSubnetA", "PublicSubnetB");

        assertThat(template.properties("TaskGroup").has("SecurityGroupIngress")).isFalse();
        assertThat(template.ofType("AWS::EC2::SecurityGroupIngress"))
                .singleElement()
                .satisfies(name -> assertThat(template.properties(name)
                                .at("/SourceSecurityGroupId/Ref")
                                .asText())
                        .isEqualTo("BalancerGroup"));
    }

    @Test
    void no_secret_is_in_clear_text() throws IOException {
        JsonNode database = template.properties("Database");
        assertThat(database.path("ManageMasterUserPassword").asBoolean()).isTrue();
        assertThat(database.has("MasterUserPassword")).isFalse();
        assertThat(template.parameters().fieldNames())
                .toIterable()
                .noneMatch(name -> name.matches("(?i).*(password|secret|key).*"));
        List<String> secret = new ArrayList<>();
        for (JsonNode injected : template.container().path("Secrets")) {
            secret.add(injected.path("Name").asText());
            assertThat(injected.path("ValueFrom").toString())
                    .containsAnyOf("Database.MasterUserSecret", "ApiKey", "ReadKey");
        }
        assertThat(secret)
                .containsExactly(
                        "BRIGADE_DATABASE_USER", "BRIGADE_DATABASE_PASSWORD", "BRIGADE_API_KEY", "BRIGADE_READ_KEY");
        assertThat(template.container().path("Environment"))
                .extracting(variable -> variable.path("Name").asText())
                .noneMatch(name -> name.matches(".*(PASSWORD|SECRET|_KEY|TOKEN).*"));
    }

    @Test
    void every_variable_of_the_container_is_a_setting() throws IOException {
        List<String> known = NAME.matcher(Files.readString(TestService.HOME.resolve("docs/CONFIGURATION.md")))
                .results()
                .map(match -> match.group(1))
                .toList();
        for (String list : List.of("Environment", "Secrets")) {
            assertThat(template.container().path(list))
                    .extracting(variable -> variable.path("Name").asText())
                    .isNotEmpty()
                    .doesNotHaveDuplicates()
                    .isSubsetOf(known);
        }
    }

    @Test
    void nothing_that_must_last_is_on_the_disk_of_a_task() {
        Settings settings = SettingsLoader.load(TestService.HOME, folder, variables(), Map.of());
        assertThat(settings.warnings()).isEmpty();
        List<String> places = new ArrayList<>(settings.places(true));
        places.addAll(settings.places(false));
        assertThat(places).hasSizeGreaterThan(8).allSatisfy(key -> assertThat(settings.text(key))
                .as(Settings.variable(key))
                .matches("(s3://.*)?"));
    }

    @Test
    void the_task_may_do_what_the_files_in_deploy_iam_say_and_nothing_else() throws IOException {
        JsonNode role = template.properties("TaskRole");
        assertThat(role.has("ManagedPolicyArns")).isFalse();
        assertThat(template.ofType("AWS::IAM::Policy")).isEmpty();
        for (JsonNode policy : role.path("Policies")) {
            Path file = TestService.HOME.resolve(
                    "deploy/iam/" + policy.path("PolicyName").asText() + ".json");
            List<JsonNode> wanted =
                    elements(CloudTemplate.json(Files.readString(file)).path("Statement"));
            List<JsonNode> granted = elements(policy.path("PolicyDocument").path("Statement"));
            assertThat(granted).as(file.toString()).hasSameSizeAs(wanted);
            for (int index = 0; index < wanted.size(); index++) {
                JsonNode statement = granted.get(index);
                for (String key : List.of("Sid", "Effect", "Action")) {
                    assertThat(statement.path(key))
                            .as(key + " in " + file)
                            .isEqualTo(wanted.get(index).path(key));
                }
                boolean objects = wanted.get(index).path("Resource").asText().endsWith("/*");
                assertThat(elements(statement.path("Resource"))).isNotEmpty().allSatisfy(resource -> {
                    assertThat(template.resource(resourceName(resource)).isObject())
                            .as(resource.toString())
                            .isTrue();
                    assertThat(isOfObjects(resource)).as(resource.toString()).isEqualTo(objects);
                });
            }
        }
    }

    @Test
    void the_task_may_use_each_bucket_as_the_settings_do() {
        Map<String, String> variables = variables();
        Settings settings = SettingsLoader.load(TestService.HOME, folder, variables, Map.of());
        Set<String> written = new TreeSet<>(bucketsOf("result-bucket"));
        written.addAll(bucketsOf("lake-bucket"));
        Set<String> read = new TreeSet<>(bucketsOf("raw-bucket"));
        read.addAll(written);
        assertThat(settings.places(true)).isNotEmpty().allSatisfy(key -> assertGranted(settings.text(key), written));
        assertThat(settings.places(false)).isNotEmpty().allSatisfy(key -> assertGranted(settings.text(key), read));
        assertThat(bucketsOf("raw-bucket")).containsAll(bucketsOf("raw-bucket-upload"));
    }

    private static void assertGranted(String place, Set<String> buckets) {
        assertThat(buckets)
                .as(place)
                .anyMatch(bucket ->
                        place.isEmpty() || place.startsWith("s3://" + bucket.toLowerCase(Locale.ROOT) + "-bucket"));
    }

    @Test
    void only_changes_in_the_buckets_that_are_read_get_into_the_queue() {
        assertThat(template.ofType("AWS::SQS::QueuePolicy")).containsExactly("EventsPolicy");
        JsonNode policy = template.properties("EventsPolicy");
        assertThat(policy.path("Queues").toString()).isEqualTo("[{\"Ref\":\"Events\"}]");
        assertThat(policy.at("/PolicyDocument/Statement")).singleElement().satisfies(statement -> {
            assertThat(statement.path("Principal").toString()).isEqualTo("{\"Service\":\"events.amazonaws.com\"}");
            assertThat(statement.path("Action").asText()).isEqualTo("sqs:SendMessage");
            assertThat(statement.path("Condition").toString())
                    .isEqualTo("{\"ArnEquals\":{\"aws:SourceArn\":{\"Fn::GetAtt\":\"Changes.Arn\"}}}");
        });
        JsonNode rule = template.properties("Changes");
        assertThat(rule.at("/EventPattern/source").toString()).isEqualTo("[\"aws.s3\"]");
        assertThat(rule.at("/Targets/0/Arn/Fn::GetAtt").asText()).isEqualTo("Events.Arn");
        List<String> announced = new ArrayList<>();
        rule.at("/EventPattern/detail/bucket/name")
                .forEach(name -> announced.add(name.path("Ref").asText()));
        assertThat(announced)
                .containsExactlyInAnyOrderElementsOf(bucketsOf("raw-bucket"))
                .allSatisfy(name -> {
                    assertThat(template.properties(name).toString()).contains("\"EventBridgeEnabled\":true");
                });
        assertThat(template.properties("Events")
                        .at("/RedrivePolicy/deadLetterTargetArn/Fn::GetAtt")
                        .asText())
                .isEqualTo("DeadLetters.Arn");
    }

    @Test
    void the_health_check_is_that_of_the_image() throws IOException {
        Matcher check = Pattern.compile("HEALTHCHECK .*\\\\\\n\\s+CMD (\\[.*])")
                .matcher(Files.readString(TestService.HOME.resolve("Dockerfile")));
        assertThat(check.find()).isTrue();
        List<String> wanted = new ArrayList<>(List.of("CMD"));
        CloudTemplate.json(check.group(1)).forEach(word -> wanted.add(word.asText()));
        assertThat(template.container().at("/HealthCheck/Command"))
                .extracting(JsonNode::asText)
                .isEqualTo(wanted);
    }

    @Test
    void a_rotated_password_starts_new_tasks_and_the_health_check_does_it_too() {
        JsonNode rule = template.properties("Rotated");
        assertThat(rule.at("/EventPattern/detail/additionalEventData/SecretId").toString())
                .isEqualTo("[{\"Fn::GetAtt\":\"Database.MasterUserSecret.SecretArn\"}]");
        assertThat(rule.at("/Targets/0/Arn/Ref").asText()).isEqualTo("NewTasks");
        assertThat(template.properties("NewTasks")
                        .at("/DefinitionString/Fn::Sub")
                        .asText())
                .contains("ecs:updateService", "\"ForceNewDeployment\": true", "${Service.Name}");
        assertThat(template.container().path("Essential").asBoolean()).isTrue();
    }

    @Test
    void every_alarm_is_about_something_there_is_and_notifies() {
        Set<String> counted = new TreeSet<>();
        template.ofType("AWS::Logs::MetricFilter").forEach(name -> {
            assertThat(template.properties(name).at("/LogGroupName/Ref").asText())
                    .isEqualTo("Log");
            counted.add(template.properties(name)
                            .path("MetricTransformations")
                            .path(0)
                            .path("MetricNamespace")
                    + template.properties(name)
                            .at("/MetricTransformations/0/MetricName")
                            .asText());
        });
        assertThat(template.container()
                        .at("/LogConfiguration/Options/awslogs-group/Ref")
                        .asText())
                .isEqualTo("Log");
        assertThat(template.ofType("AWS::CloudWatch::Alarm"))
                .containsExactlyInAnyOrder("RunFailed", "NoSuccess", "UnreadableMessages", "NoTask")
                .allSatisfy(name -> {
                    JsonNode alarm = template.properties(name);
                    assertThat(alarm.path("AlarmActions").toString()).isEqualTo("[{\"Ref\":\"Notifications\"}]");
                    if (!alarm.path("Namespace").asText().startsWith("AWS/")) {
                        assertThat(counted)
                                .contains(alarm.path("Namespace")
                                        + alarm.path("MetricName").asText());
                    }
                });
        assertThat(template.properties("NoSuccess").path("TreatMissingData").asText())
                .isEqualTo("breaching");
        assertThat(template.properties("UnreadableMessages").path("Dimensions").toString())
                .contains("DeadLetters.QueueName");
        assertThat(template.properties("Notifications")
                        .at("/Subscription/0/Endpoint/Ref")
                        .asText())
                .isEqualTo("Mail");
        assertThat(template.properties("Budget").path("NotificationsWithSubscribers"))
                .hasSize(2);
    }
}
