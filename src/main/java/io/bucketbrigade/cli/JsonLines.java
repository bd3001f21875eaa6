package io.bucketbrigade.cli;

import ch.qos.logback.classic.spi.ILoggingEvent;
import co.elastic.logging.logback.EcsEncoder;
import io.bucketbrigade.runs.RunLog;
import io.bucketbrigade.version.ProgramVersion;

/** Lines of the log as JSON, with the fields of the Elastic Common Schema; those of a run have its pipeline and its number. */
final class JsonLines extends EcsEncoder {
    JsonLines() {
        setServiceName("bucket-brigade");
        setServiceVersion(ProgramVersion.current().version());
    }

    /** The library writes everything that marks a thread as text, but the run is a number. */
    @Override
    protected void addCustomFields(ILoggingEvent event, StringBuilder line) {
        String run = event.getMDCPropertyMap().get(RunLog.RUN);
        if (run != null) {
            String field = "\"" + RunLog.RUN + "\":";
            String text = field + "\"" + run + "\"";
            int at = line.lastIndexOf(text);
            line.replace(at, at + text.length(), field + run);
        }
    }
}
