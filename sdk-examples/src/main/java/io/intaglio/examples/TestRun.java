package io.intaglio.examples;

import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.TestExecutionResult.Status;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/** Runs one JUnit class, and tells of each of its tests. */
final class TestRun implements TestExecutionListener {
    private final Stage stage;
    private int passed;
    private int failed;

    private TestRun(Stage stage) {
        this.stage = stage;
    }

    static void of(Class<?> type, Stage stage) {
        TestRun run = new TestRun(stage);
        LauncherDiscoveryRequest request = LauncherDiscoveryRequestBuilder.request()
                .selectors(DiscoverySelectors.selectClass(type))
                .build();
        LauncherFactory.create().execute(request, run);
        stage.proved(run.failed == 0 && run.passed > 0, run.passed + " tests passed");
    }

    @Override
    public void executionFinished(TestIdentifier test, TestExecutionResult result) {
        if (result.getStatus() == Status.SUCCESSFUL) {
            if (test.isTest()) {
                passed++;
                stage.show("passed", test.getDisplayName().replaceAll("\\(.*", ""));
            }
        } else {
            failed++;
            stage.show(
                    "FAILED",
                    test.getDisplayName() + ": "
                            + result.getThrowable().map(Throwable::toString).orElse("aborted"));
        }
    }
}
