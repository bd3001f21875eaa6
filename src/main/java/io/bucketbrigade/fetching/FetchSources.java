package io.bucketbrigade.fetching;

import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.problems.Problem.Kind;
import io.bucketbrigade.settings.SettingKind;
import io.bucketbrigade.settings.Settings;
import io.bucketbrigade.settings.Values;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** The kind of a setting that names files to be fetched: {@code NAME.csv=ADDRESS}, separated by commas. */
public final class FetchSources implements SettingKind {

    @Override
    public String wanted() {
        return "files to fetch, such as 2015.csv=https://example.org/2015.csv, separated by commas";
    }

    @Override
    public boolean mayHaveLines() {
        return true;
    }

    /** Which address a name has is first known when it is fetched; one that is written as a number is checked here too. */
    @Override
    public void check(String name, String value, Settings settings) {
        for (FetchSource source : parse(name, value)) {
            if (source.isWeb()
                    && PublicAddresses.isPrivateLiteral(source.url().getHost())
                    && !Values.flag(settings.name(FetchLimits.PRIVATE), settings.text(FetchLimits.PRIVATE))) {
                throw new Problem(Kind.USAGE, name + " names " + source.shown() + ", but " + PublicAddresses.REFUSED);
            }
        }
    }

    /**
     * Reads the value of such a setting.
     *
     * @param setting its name, for messages
     * @throws Problem if it can't be read
     */
    static List<FetchSource> parse(String setting, String value) {
        List<FetchSource> sources = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (String part : Values.list(value)) {
            FetchSource source = read(setting, part);
            // Folders of some systems don't tell upper from lower case.
            if (!names.add(source.name().toLowerCase(Locale.ROOT))) {
                throw new Problem(
                        Kind.USAGE, setting + " repeats the name " + source.name() + ". Give each file its own.");
            }
            sources.add(source);
        }
        return sources;
    }

    private static FetchSource read(String setting, String part) {
        try {
            return FetchSource.parse(part);
        } catch (Problem wrong) {
            throw new Problem(wrong.kind(), setting + " " + wrong.sentence(), wrong);
        }
    }
}
