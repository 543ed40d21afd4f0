package io.intaglio.client.audit;

import io.intaglio.signing.Catalogued;
import org.jspecify.annotations.Nullable;

/** An audit log cannot be opened, read, written or vouched for; the message names the folder or file, what was seen and the next step. */
public final class AuditException extends RuntimeException implements Catalogued {
    private static final long serialVersionUID = 1L;

    AuditException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    @Override
    public String errorId() {
        return "audit";
    }
}
