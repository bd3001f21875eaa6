package io.bucketbrigade.checking;

import io.bucketbrigade.files.FolderTree;
import io.bucketbrigade.registry.YamlFile;
import io.bucketbrigade.web.ContractFiles;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** The names that the program uses itself, which no pipeline can have: its first calls, tabs, routes and settings. */
public final class ReservedNames {
    /** Folders of routes, groups of settings, and tabs of the page for which there is no call. */
    private static final List<String> OWN = List.of(
            "brigade", "shared", "kamelets", "aws", "camel", "samples", "kind", "observe", "upload", "datamart");

    private ReservedNames() {}

    /**
     * All of them.
     *
     * @param routes the folder with the program's own routes
     * @throws io.bucketbrigade.problems.Problem if they can't be read
     */
    public static Set<String> of(Path routes) {
        Set<String> names = new TreeSet<>(OWN);
        Path shared = routes.resolve("shared");
        FolderTree.files(shared).stream().filter(RouteFile::isOne).forEach(file -> names.add(RouteFile.name(file)));
        Path contract = shared.resolve(ContractFiles.FILE);
        if (Files.exists(contract)) {
            YamlFile.tree(contract)
                    .path("paths")
                    .fieldNames()
                    .forEachRemaining(path -> names.add(path.split("/", -1)[1]));
        }
        return names;
    }

    /** Why a pipeline can't have one of them, as the rest of a sentence that begins with the name. */
    public static String why(String name) {
        return name + " is the name of a call, a tab, a route or a group of settings of the program itself";
    }
}
