import { registerHooks } from 'node:module';

/** Loaded before a program (`node --import`), it writes every package that the program loads to standard error. */
registerHooks({
  resolve(specifier, context, next) {
    if (/^@?[a-z]/u.test(specifier) && !specifier.includes(':'))
      process.stderr.write(`loads ${specifier}\n`);
    return next(specifier, context);
  },
});
