package io.bucketbrigade.aws;

import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;

/**
 * Why AWS refuses a caller, by the code of its answer: one status, 403, has many reasons, each with another remedy. These
 * are the codes that all services share.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html">Error responses of S3</a>
 * @see <a href="https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/CommonErrors.html">Common errors</a>
 */
public final class Refusals {
    private static final String EXPIRED =
            "the credentials have expired. Renew them (AWS_SESSION_TOKEN), or use a role.";
    private static final String UNKNOWN_KEY =
            "AWS does not know the access key. Check AWS_ACCESS_KEY_ID, AWS_SESSION_TOKEN and AWS_ENDPOINT_URL.";
    private static final String WRONG_SECRET = "the secret does not match the access key. Check AWS_SECRET_ACCESS_KEY.";
    private static final String WRONG_CLOCK = "the clock of this machine is wrong. Set it.";
    private static final String SWITCHED_OFF = "the account may not use this service. Ask the owner of the account.";

    private static final Map<String, String> WORDS = Map.ofEntries(
            Map.entry("ExpiredToken", EXPIRED),
            Map.entry("ExpiredTokenException", EXPIRED),
            Map.entry("TokenRefreshRequired", EXPIRED),
            Map.entry("InvalidToken", UNKNOWN_KEY),
            Map.entry("InvalidAccessKeyId", UNKNOWN_KEY),
            Map.entry("InvalidClientTokenId", UNKNOWN_KEY),
            Map.entry("UnrecognizedClientException", UNKNOWN_KEY),
            Map.entry("SignatureDoesNotMatch", WRONG_SECRET),
            Map.entry("IncompleteSignature", WRONG_SECRET),
            Map.entry("RequestTimeTooSkewed", WRONG_CLOCK),
            Map.entry("RequestExpired", WRONG_CLOCK),
            Map.entry("AccountProblem", SWITCHED_OFF),
            Map.entry("AllAccessDisabled", SWITCHED_OFF),
            Map.entry("NotSignedUp", SWITCHED_OFF),
            Map.entry("OptInRequired", SWITCHED_OFF));

    /** "User: … is not authorized to perform: s3:PutObject on resource: …" */
    private static final Pattern ACTION = Pattern.compile("not authorized to perform: ([a-zA-Z0-9-]+:[a-zA-Z]+)");

    private Refusals() {}

    /** The reason with what to do, to be put behind a colon; empty for codes that only the service itself knows. */
    public static Optional<String> reason(AwsServiceException answer) {
        String code = Reasons.code(answer);
        String message = message(answer);
        if (code.startsWith("KMS.") || code.startsWith("Kms") || message.contains("kms:")) {
            return Optional.of("the KMS key that encrypts it can't be used" + action(answer)
                    + ". Allow it as deploy/iam/kms-key.json shows, and check that the key is enabled.");
        }
        if (code.equals("SignatureDoesNotMatch") && message.contains("Signature expired")) {
            return Optional.of(WRONG_CLOCK);
        }
        return Optional.ofNullable(WORDS.get(code));
    }

    /** What went wrong with a call, where nothing more is known than that; ends with a full stop. */
    public static String words(SdkException failure) {
        Optional<String> missing = Reasons.missing(failure, "this request");
        if (missing.isPresent()) {
            return missing.get();
        }
        if (failure instanceof AwsServiceException answer) {
            return "AWS refuses the request"
                    + reason(answer).map(reason -> ": " + reason).orElse(action(answer) + ".");
        }
        return "AWS can't be reached: " + Reasons.away(failure) + ".";
    }

    /** Which right is missing, in parentheses with a blank before it; the code where the answer doesn't say. */
    public static String action(AwsServiceException answer) {
        Matcher action = ACTION.matcher(message(answer));
        return " (" + (action.find() ? action.group(1) + " is denied" : Reasons.code(answer)) + ")";
    }

    /** What AWS itself says; blank if nothing. It is searched, never shown. */
    public static String message(AwsServiceException answer) {
        AwsErrorDetails details = answer.awsErrorDetails();
        return details == null || details.errorMessage() == null ? "" : details.errorMessage();
    }
}
