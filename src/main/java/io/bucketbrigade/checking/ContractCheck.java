package io.bucketbrigade.checking;

import io.bucketbrigade.files.FilePaths;
import io.bucketbrigade.web.ContractFiles;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Checks the parts of the API's contract: that they make a whole, and that each operation has a route. */
final class ContractCheck {
    private final KnownNames known;
    private final boolean allIsKnown;
    private final Faults faults;

    ContractCheck(KnownNames known, boolean allIsKnown, Faults faults) {
        this.known = known;
        this.allIsKnown = allIsKnown;
        this.faults = faults;
    }

    /**
     * Checks it.
     *
     * @param roots the folders whose parts make up the contract
     * @param checked those of them of which it is said what is wrong
     * @return the names of the parameters of each operation, by its operationId
     */
    Map<String, Set<String>> check(List<Path> roots, List<Path> checked) {
        ContractFiles contract = new ContractFiles(roots, problem -> {
            Path file = FilePaths.of(String.valueOf(problem.file()));
            // What is wrong elsewhere is not said here.
            if (checked.stream().anyMatch(file::startsWith)) {
                faults.error(problem);
            }
        });
        if (allIsKnown) {
            contract.requireRoutes(known::hasConsumer);
        }
        return contract.parameters();
    }
}
