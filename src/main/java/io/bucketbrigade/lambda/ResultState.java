package io.bucketbrigade.lambda;

import io.bucketbrigade.storage.Identity;
import io.bucketbrigade.storage.StoredVersion;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What is in the buckets at one moment. Each object that the function writes carries in its metadata which inputs it came from, so nothing need
 * be remembered anywhere else.
 *
 * @param inputs the versions of the inputs
 * @param fingerprint of these inputs and of the settings that shape the result
 * @param result the result that is there
 * @param rejected the rejected rows that are there
 * @param failure the record of a failure that is there
 */
record ResultState(
        List<Identity> inputs,
        String fingerprint,
        Optional<StoredVersion> result,
        Optional<StoredVersion> rejected,
        Optional<StoredVersion> failure) {
    private static final String INPUTS = "inputs-fingerprint";
    private static final String REJECTED = "rejected-rows";
    private static final String NOTIFIED = "notified";

    /** What is kept with a result and its rejected rows. */
    Map<String, String> ofResult(boolean hasRejected) {
        return Map.of(INPUTS, fingerprint, REJECTED, Boolean.toString(hasRejected));
    }

    /** What is kept with the record of a failure. */
    Map<String, String> ofFailure(boolean isNotified) {
        return Map.of(INPUTS, fingerprint, NOTIFIED, Boolean.toString(isNotified));
    }

    /** Whether the result and the rejected rows are those of these inputs; where none were rejected, there need be no file of them. */
    boolean isCurrent() {
        return isOfInputs(result)
                && (rejected.isEmpty()
                        ? result.filter(version ->
                                        "false".equals(version.metadata().get(REJECTED)))
                                .isPresent()
                        : isOfInputs(rejected));
    }

    /** Whether the record of a failure is about these inputs. */
    boolean isKnownToFail() {
        return isOfInputs(failure);
    }

    /** Whether people were notified of the failure. */
    boolean isNotified() {
        return failure.filter(version -> "true".equals(version.metadata().get(NOTIFIED)))
                .isPresent();
    }

    private boolean isOfInputs(Optional<StoredVersion> version) {
        return version.filter(found -> fingerprint.equals(found.metadata().get(INPUTS)))
                .isPresent();
    }
}
