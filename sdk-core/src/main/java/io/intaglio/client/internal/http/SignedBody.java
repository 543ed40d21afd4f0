package io.intaglio.client.internal.http;

import io.intaglio.signing.SignedRequest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.apache.hc.core5.http.io.entity.AbstractHttpEntity;

/** The body as it was signed, written without a copy. */
final class SignedBody extends AbstractHttpEntity {
    private final SignedRequest request;

    SignedBody(SignedRequest request) {
        super((String) null, null); // the content type is among the signed headers
        this.request = request;
    }

    @Override
    public boolean isRepeatable() {
        return false; // nothing may send it twice
    }

    @Override
    public long getContentLength() {
        return request.bodyLength();
    }

    @Override
    public InputStream getContent() {
        return new ByteArrayInputStream(request.body());
    }

    @Override
    public void writeTo(OutputStream out) throws IOException {
        request.writeBodyTo(out);
    }

    @Override
    public boolean isStreaming() {
        return false;
    }

    @Override
    public void close() {}
}
