const { answer } = require('lanewise/lane');

exports.answer = answer;
