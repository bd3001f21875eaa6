package io.bucketbrigade.dynamodb;

import io.bucketbrigade.aws.AwsClients;
import io.bucketbrigade.settings.SettingKind;
import io.bucketbrigade.settings.Settings;
import io.bucketbrigade.settings.Values;
import java.util.List;
import java.util.stream.Stream;

/** A setting that says whether something is kept in the database or in a table of DynamoDB, which the setting of this name with {@code .table} names. */
public final class StoreKind implements SettingKind {
    private static final String DYNAMODB = "dynamodb";
    private static final List<String> FIND_THE_REGION =
            List.of("aws.region", "aws.endpoint.url.dynamodb", "aws.endpoint.url");

    @Override
    public String wanted() {
        return "one of postgresql and dynamodb";
    }

    /** @throws io.bucketbrigade.problems.Problem if it is neither, or DynamoDB is not to be found */
    @Override
    public void check(String name, String value, Settings settings) {
        if (!value.equals(DYNAMODB) && !value.equals("postgresql")) {
            throw Values.wrong(name, value, wanted(), null);
        }
        if (value.equals(DYNAMODB)
                && FIND_THE_REGION.stream().map(settings::text).allMatch(String::isEmpty)) {
            AwsClients.findRegion();
        }
    }

    /** The settings that say that a table of DynamoDB is used. */
    public static Stream<String> used(Settings settings) {
        return settings.ofKind(StoreKind.class).stream()
                .filter(key -> settings.text(key).equals(DYNAMODB));
    }

    /** The setting that names the table. */
    public static String table(String key) {
        return key + ".table";
    }
}
