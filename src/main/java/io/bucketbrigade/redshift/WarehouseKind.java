package io.bucketbrigade.redshift;

import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.problems.Problem.Kind;
import io.bucketbrigade.settings.SettingKind;
import io.bucketbrigade.settings.Settings;
import io.bucketbrigade.settings.Values;
import java.util.stream.Stream;

/**
 * A setting that says where a warehouse is. For Redshift, further ones name it: those of {@code tides.warehouse} begin with
 * {@code tides.redshift}.
 */
public final class WarehouseKind implements SettingKind {
    private static final String REDSHIFT = "redshift";

    @Override
    public String wanted() {
        return "postgresql or redshift";
    }

    /** @throws Problem if it is neither, or a setting is missing that Redshift needs */
    @Override
    public void check(String name, String value, Settings settings) {
        if (value.equals("postgresql")) {
            return;
        }
        if (!value.equals(REDSHIFT)) {
            throw Values.wrong(name, value, wanted(), null);
        }
        used(settings).filter(key -> settings.name(key).equals(name)).forEach(key -> check(of(key, ""), settings));
    }

    private static void check(String redshift, Settings settings) {
        String staging = redshift + "staging";
        if (settings.text(staging).isEmpty()) {
            throw new Problem(
                    Kind.USAGE,
                    "'redshift' needs a bucket in which rows wait to be loaded. Set " + Settings.variable(staging)
                            + ", such as s3://sales/staging.");
        }
        String workgroup = redshift + "workgroup";
        String cluster = redshift + "cluster";
        if (settings.text(workgroup).isEmpty() == settings.text(cluster).isEmpty()) {
            throw new Problem(
                    Kind.USAGE,
                    "'redshift' needs the name either of a workgroup or of a cluster. Set "
                            + Settings.variable(workgroup) + " or " + Settings.variable(cluster) + ".");
        }
    }

    /** The settings that say that a warehouse is in Redshift. */
    public static Stream<String> used(Settings settings) {
        return settings.ofKind(WarehouseKind.class).stream()
                .filter(key -> settings.text(key).equals(REDSHIFT));
    }

    /**
     * A setting that says more of a warehouse in Redshift.
     *
     * @param key the setting that says that it is there
     * @param name such as {@code staging}
     */
    public static String of(String key, String name) {
        return key.substring(0, key.lastIndexOf('.') + 1) + REDSHIFT + "." + name;
    }

    /**
     * The database of a warehouse in Redshift.
     *
     * @param key the setting that says that it is there
     */
    public static RedshiftAddress address(String key, Settings settings) {
        return new RedshiftAddress(
                settings.text(of(key, "database")),
                settings.text(of(key, "workgroup")),
                settings.text(of(key, "cluster")),
                settings.text(of(key, "user")),
                settings.text(of(key, "secret")));
    }
}
