package io.intaglio.client;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.ILoggerFactory;
import org.slf4j.IMarkerFactory;
import org.slf4j.Logger;
import org.slf4j.MDC;
import org.slf4j.Marker;
import org.slf4j.event.Level;
import org.slf4j.helpers.BasicMDCAdapter;
import org.slf4j.helpers.BasicMarkerFactory;
import org.slf4j.helpers.LegacyAbstractLogger;
import org.slf4j.helpers.MessageFormatter;
import org.slf4j.spi.MDCAdapter;
import org.slf4j.spi.SLF4JServiceProvider;

/** Prints what this library logs, at every level, with the id of its call: {@code LOG level id message}. Chosen by {@code -Dslf4j.provider}. */
@SuppressWarnings("exports") // SLF4J alone uses it
public final class PrintedLogs implements SLF4JServiceProvider {
    private final Map<String, Logger> loggers = new ConcurrentHashMap<>();
    private final MDCAdapter mdc = new BasicMDCAdapter();
    private final IMarkerFactory markers = new BasicMarkerFactory();

    /** For SLF4J. */
    public PrintedLogs() {}

    @Override
    public ILoggerFactory getLoggerFactory() {
        return name -> loggers.computeIfAbsent(name, Printed::new);
    }

    @Override
    public IMarkerFactory getMarkerFactory() {
        return markers;
    }

    @Override
    public MDCAdapter getMDCAdapter() {
        return mdc;
    }

    @Override
    public String getRequestedApiVersion() {
        return "2.0.99";
    }

    @Override
    public void initialize() {
        // all is there
    }

    private static final class Printed extends LegacyAbstractLogger {
        private static final long serialVersionUID = 1L;

        Printed(String name) {
            this.name = name;
        }

        private boolean isOurs() {
            return name.startsWith("io.intaglio");
        }

        @Override
        public boolean isTraceEnabled() {
            return isOurs();
        }

        @Override
        public boolean isDebugEnabled() {
            return isOurs();
        }

        @Override
        public boolean isInfoEnabled() {
            return isOurs();
        }

        @Override
        public boolean isWarnEnabled() {
            return isOurs();
        }

        @Override
        public boolean isErrorEnabled() {
            return isOurs();
        }

        @Override
        protected @Nullable String getFullyQualifiedCallerName() {
            return null;
        }

        @Override
        protected void handleNormalizedLoggingCall(
                Level level,
                @Nullable Marker marker,
                String pattern,
                Object @Nullable [] arguments,
                @Nullable Throwable fault) {
            System.out.println("LOG " + level + " " + MDC.get("intaglio.call") + " "
                    + MessageFormatter.basicArrayFormat(pattern, arguments));
        }
    }
}
