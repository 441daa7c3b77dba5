package org.farfit.cli;

/** A request that cannot be carried out, as JSON-RPC says it. */
final class RpcException extends Exception {

  private static final long serialVersionUID = 1L;

  /** Codes of JSON-RPC 2.0, section 5.1. */
  static final int NOT_JSON = -32700;

  static final int NOT_A_REQUEST = -32600;
  static final int UNKNOWN_METHOD = -32601;
  static final int BAD_PARAMETERS = -32602;
  static final int INTERNAL = -32603;

  /** A command's exit code is this less the error's code, where JSON-RPC has no code of its own. */
  static final int OF_COMMANDS = -32000;

  /** As the Language Server Protocol has it: RequestCancelled. */
  static final int CANCELLED = -32800;

  private final int code;
  private final int exitCode;

  RpcException(int code, String message) {
    this(code, ExitCode.USAGE, message);
  }

  private RpcException(int code, int exitCode, String message) {
    super(message);
    this.code = code;
    this.exitCode = exitCode;
  }

  /** How a command ended that has no result. */
  static RpcException of(int exitCode, String message) {
    int code =
        switch (exitCode) {
          case ExitCode.USAGE -> BAD_PARAMETERS;
          case ExitCode.INTERNAL_ERROR -> INTERNAL;
          case ExitCode.INTERRUPTED -> CANCELLED;
          default -> OF_COMMANDS - exitCode;
        };
    return new RpcException(code, exitCode, message);
  }

  static RpcException cancelled() {
    return of(ExitCode.INTERRUPTED, "cancelled");
  }

  int code() {
    return code;
  }

  /** With which exit code a command line would have ended. */
  int exitCode() {
    return exitCode;
  }
}
