package gpuspool.web;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import gpuspool.posix.FailureText;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Answers HTTP requests. What a slow or hostile client can hold is bounded: connections, threads, sizes and times. */
final class WebServer implements AutoCloseable {
    private static final int BACKLOG = 64;
    private static final int MOST_CONNECTIONS = 1000;
    private static final int MOST_THREADS = 320;
    private static final long IDLE_SECONDS = 10;
    private static final Duration LONGEST_ANSWER = Duration.ofSeconds(30);
    private static final int UNEXPECTED = 500;

    static {
        // Read by the server's own class when it is loaded. Seconds for a request to come in, with its body.
        System.setProperty("sun.net.httpserver.maxReqTime", "15");
        System.setProperty("sun.net.httpserver.maxReqHeaders", "100");
        System.setProperty("sun.net.httpserver.maxReqHeaderSize", "32768");
        System.setProperty("sun.net.httpserver.nodelay", "true");
        System.setProperty("jdk.httpserver.maxConnections", Integer.toString(MOST_CONNECTIONS));
    }

    private final HttpServer server;
    private final ThreadPoolExecutor workers;
    private final Deadlines deadlines;
    private final Hosts hosts;
    private final Routes routes;
    private final Consumer<String> log;

    /**
     * Begins to listen.
     *
     * @param log takes one line for each thing that nobody expected
     * @throws java.net.BindException where the port is in use
     */
    WebServer(InetSocketAddress at, Hosts hosts, Routes routes, Deadlines deadlines, Consumer<String> log)
            throws IOException {
        this.hosts = hosts;
        this.routes = routes;
        this.deadlines = deadlines;
        this.log = log;
        server = HttpServer.create(at, BACKLOG);
        workers = new ThreadPoolExecutor(
                0, MOST_THREADS, IDLE_SECONDS, TimeUnit.SECONDS, new SynchronousQueue<>(), task -> {
                    Thread thread = new Thread(task, "web");
                    thread.setDaemon(true);
                    return thread;
                });
        // When all are busy new requests wait: their time to come in ends those that are only slow.
        workers.setRejectedExecutionHandler((task, pool) -> {
            try {
                pool.getQueue().put(task);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        server.setExecutor(workers);
        server.createContext("/", this::handle);
        server.start();
    }

    InetSocketAddress address() {
        return server.getAddress();
    }

    private void handle(HttpExchange exchange) {
        try (Deadlines.Deadline deadline = deadlines.start(LONGEST_ANSWER)) {
            try {
                send(exchange, answer(exchange, deadline), deadline);
            } finally {
                exchange.close();
            }
        } catch (IOException e) {
            // The client is gone, or was too slow: there is nobody left to tell.
            exchange.close();
        }
    }

    private Answer answer(HttpExchange exchange, Deadlines.Deadline deadline) {
        try {
            if (!hosts.isOurs(
                    java.util.Optional.ofNullable(exchange.getRequestHeaders().getFirst("Host")))) {
                throw new Refusal(
                        421,
                        "this server is not called so; it answers to " + hosts
                                + ". For another name start it with: gpuspool web --host NAME");
            }
            return routes.answer(Request.of(exchange, deadline));
        } catch (Refusal e) {
            return e.answer();
        } catch (IOException e) {
            return Answer.text(UNEXPECTED, FailureText.of(e) + "\n");
        } catch (InterruptedException e) {
            return Answer.text(503, "this takes too long now; try again\n");
        } catch (RuntimeException e) {
            log.accept("unexpected, please report it: " + exchange.getRequestMethod() + ": " + e);
            return Answer.text(UNEXPECTED, "unexpected: " + e.getClass().getSimpleName() + "\n");
        }
    }

    private static void send(HttpExchange exchange, Answer answer, Deadlines.Deadline deadline) throws IOException {
        Headers headers = exchange.getResponseHeaders();
        headers.set("Content-Type", answer.type());
        headers.set("Cache-Control", "no-store");
        headers.set("X-Content-Type-Options", "nosniff");
        headers.set("Referrer-Policy", "no-referrer");
        headers.set("Cross-Origin-Resource-Policy", "same-origin");
        headers.set("Cross-Origin-Opener-Policy", "same-origin");
        headers.set("X-Frame-Options", "DENY");
        headers.set(
                "Content-Security-Policy",
                "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self';"
                        + " base-uri 'none'; form-action 'none'; frame-ancestors 'none'");
        answer.headers().forEach(headers::set);
        deadline.renew();
        boolean bodyless = exchange.getRequestMethod().equals("HEAD");
        if (bodyless || answer.length() == 0) {
            if (bodyless && answer.length() >= 0) {
                headers.set("Content-Length", Long.toString(answer.length()));
            }
            exchange.sendResponseHeaders(answer.status(), -1);
            return;
        }
        exchange.sendResponseHeaders(answer.status(), answer.length() == Answer.UNKNOWN ? 0 : answer.length());
        try (OutputStream out = new Progress(exchange.getResponseBody(), deadline)) {
            answer.body().writeTo(out);
        }
    }

    /** Each piece that the client took shows that it is still there. */
    private static final class Progress extends java.io.FilterOutputStream {
        private final Deadlines.Deadline deadline;

        Progress(OutputStream out, Deadlines.Deadline deadline) {
            super(out);
            this.deadline = deadline;
        }

        @Override
        public void write(byte[] bytes, int from, int count) throws IOException {
            out.write(bytes, from, count);
            deadline.renew();
        }
    }

    @Override
    public void close() {
        server.stop(0);
        workers.shutdownNow();
    }
}
